//! The practice network: a person who answers and a home with devices, on this computer alone.
//!
//! Both are nodes of their own in this process and meet this one over loopback; nothing about
//! them is special once they run. What was begun and not finished is undone at the next start.

mod kept;
mod neighbours;
mod robin;
mod words;

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use streembit_identity::NetworkId;
use streembit_node::Node;
use tokio::sync::Mutex;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};

use self::{kept::Kept, neighbours::Neighbours};
use crate::{Code, Error};

/// What the network is called.
pub(crate) const NAME: &str = "Practice";

/// The folder of the neighbours' databases; it goes with the account.
const FOLDER: &str = "practice";

/// The practice network beside one running node. Cheap to clone; it ends with [`Practice::halt`].
#[derive(Clone)]
pub(crate) struct Practice(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    /// Held while the neighbours come or go.
    neighbours: Mutex<Neighbours>,
    node: Node,
    stage: RwLock<Stage>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// How far the practice network is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stage {
    /// There is none.
    None,
    /// It is there, and everybody in it runs.
    Running(NetworkId),
    /// It comes up; one that was there before has its id already.
    Starting(Option<NetworkId>),
}

impl Practice {
    /// Takes up the practice network that `node` had when it stopped, if any, in the background.
    pub(crate) async fn take_up(node: Node, folder: PathBuf) -> Result<Self, Error> {
        let kept = Kept::load(&node).await?;
        let stage = match &kept {
            Some(kept) if kept.is_ready => Stage::Starting(Some(kept.network.0)),
            Some(_) | None => Stage::None,
        };
        let practice = Self(Arc::new(Inner {
            folder: folder.join(FOLDER),
            neighbours: Mutex::default(),
            node,
            stage: RwLock::new(stage),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }));
        if let Some(kept) = kept {
            let this = practice.clone();
            // Whoever wants to know how it went asks for the stage.
            drop(
                practice
                    .0
                    .tasks
                    .spawn(async move { this.resume(&kept).await }),
            );
        }
        Ok(practice)
    }

    /// Returns how far it is.
    pub(crate) fn stage(&self) -> Stage {
        *self.0.stage.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether `network` is the practice network.
    pub(crate) fn is(&self, network: NetworkId) -> bool {
        match self.stage() {
            Stage::None | Stage::Starting(None) => false,
            Stage::Running(own) | Stage::Starting(Some(own)) => own == network,
        }
    }

    /// Makes the network and everybody in it; answers once all of it can be used.
    ///
    /// # Errors
    /// [`Code::Exists`] where there is one; nothing is left behind after any other.
    pub(crate) async fn start(&self) -> Result<NetworkId, Error> {
        if !self.begins() {
            let text = "there is a practice network already";
            return Err(Error::new(Code::Exists, text));
        }
        let this = self.clone();
        self.to_end(async move { this.build().await }).await
    }

    /// Removes the network, everybody in it, and every trace of them.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is none; what is left after any other goes at the next start.
    pub(crate) async fn remove(&self) -> Result<(), Error> {
        if self.stage() == Stage::None {
            let text = "there is no practice network";
            return Err(Error::new(Code::NotFound, text));
        }
        let this = self.clone();
        self.to_end(async move {
            let mut neighbours = this.0.neighbours.lock().await;
            this.clear(&mut neighbours).await?;
            this.set(Stage::None);
            info!("Removed the practice network");
            Ok(())
        })
        .await
    }

    /// Stops everybody; they come back with the next start.
    pub(crate) async fn halt(&self) {
        self.0.stop.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
        self.0.neighbours.lock().await.stop().await;
    }

    /// Whether this call is the one that begins.
    fn begins(&self) -> bool {
        let mut stage = self.0.stage.write().unwrap_or_else(PoisonError::into_inner);
        let is_none = *stage == Stage::None;
        if is_none {
            *stage = Stage::Starting(None);
        }
        is_none
    }

    fn set(&self, stage: Stage) {
        *self.0.stage.write().unwrap_or_else(PoisonError::into_inner) = stage;
    }

    /// Does `work` to its end even if whoever asked for it goes away.
    async fn to_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        match self.0.tasks.spawn(work).await {
            Ok(done) => done,
            Err(error) => Err(Error::new(Code::Internal, error.to_string())),
        }
    }

    /// Waits for `step`, but not while the node stops.
    async fn step<T, E: Into<Error>>(
        &self,
        step: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Error> {
        tokio::select! {
            () = self.0.stop.cancelled() => {
                Err(Error::new(Code::NotRunning, "the node is stopping"))
            }
            done = step => done.map_err(Into::into),
        }
    }

    async fn build(&self) -> Result<NetworkId, Error> {
        let mut neighbours = self.0.neighbours.lock().await;
        let made = match self.clear(&mut neighbours).await {
            Ok(()) => self.make(&mut neighbours).await,
            Err(error) => Err(error),
        };
        self.settle(&mut neighbours, made).await
    }

    async fn make(&self, neighbours: &mut Neighbours) -> Result<NetworkId, Error> {
        let node = &self.0.node;
        let draft = node.network_draft(kept::name(NAME)?)?;
        let mut kept = Kept::new(draft.network())?;
        kept.save(node).await?;
        std::fs::create_dir_all(&self.0.folder)
            .map_err(|error| Error::new(Code::Storage, error.to_string()))?;
        let network = kept.network.0;
        node.network_found(draft, &[neighbours::here()?]).await?;
        neighbours.start(&kept, &self.0.folder).await?;
        self.step(neighbours.let_in(node, network)).await?;
        self.step(neighbours.join(node, network)).await?;
        self.step(neighbours.give_home(node, network)).await?;
        self.step(neighbours.wake_robin(node, network, true))
            .await?;
        kept.is_ready = true;
        kept.save(node).await?;
        info!(network = %network.short(), "Made the practice network");
        Ok(network)
    }

    /// Brings back what was there, or clears away what was never finished.
    async fn resume(&self, kept: &Kept) {
        let mut neighbours = self.0.neighbours.lock().await;
        let resumed = if kept.is_ready {
            let back = self.bring_back(&mut neighbours, kept).await;
            self.settle(&mut neighbours, back).await.map(drop)
        } else {
            self.clear_remains(&mut neighbours).await
        };
        if let Err(error) = resumed {
            warn!(%error, "The practice network did not come back");
        }
    }

    /// Clears away what was never finished, unless a new one was made meanwhile.
    async fn clear_remains(&self, neighbours: &mut Neighbours) -> Result<(), Error> {
        match Kept::load(&self.0.node).await? {
            Some(kept) if !kept.is_ready => self.clear(neighbours).await,
            Some(_) | None => Ok(()),
        }
    }

    async fn bring_back(
        &self,
        neighbours: &mut Neighbours,
        kept: &Kept,
    ) -> Result<NetworkId, Error> {
        let (node, network) = (&self.0.node, kept.network.0);
        if node.network(&network).is_none() || !neighbours::are_known(&self.0.folder) {
            // As after a backup, which has what this node knows and not who lived beside it.
            return Err(Error::new(Code::NotFound, "its neighbours are not here"));
        }
        neighbours.start(kept, &self.0.folder).await?;
        self.step(neighbours.join(node, network)).await?;
        self.step(neighbours.wake_robin(node, network, false))
            .await?;
        Ok(network)
    }

    /// Notes how a start ended; one that failed is undone, unless the node stops meanwhile.
    async fn settle(
        &self,
        neighbours: &mut Neighbours,
        started: Result<NetworkId, Error>,
    ) -> Result<NetworkId, Error> {
        if let Ok(network) = &started {
            self.set(Stage::Running(*network));
            return started;
        }
        if !self.0.stop.is_cancelled()
            && let Err(error) = self.clear(neighbours).await
        {
            warn!(%error, "What is left of the practice network goes at the next start");
        }
        self.set(Stage::None);
        started
    }

    /// Removes whatever there is of it; may be repeated.
    async fn clear(&self, neighbours: &mut Neighbours) -> Result<(), Error> {
        let node = &self.0.node;
        let Some(mut kept) = Kept::load(node).await? else {
            return Ok(());
        };
        kept.is_ready = false;
        kept.save(node).await?;
        // They go first, so that nothing of them comes in any more while it is forgotten.
        neighbours.stop().await;
        if node.network(&kept.network.0).is_some() {
            node.network_leave(kept.network.0).await?;
        }
        neighbours::forget(&self.0.folder)
            .map_err(|error| Error::new(Code::Storage, error.to_string()))?;
        Kept::remove(node).await
    }
}
