//! The practice network: a person who answers and a home with devices, on this computer alone.
//!
//! Both are nodes of their own in this process and meet this one over loopback; nothing about
//! them is special once they run. What was begun and not finished is undone at the next start.

mod course;
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
use tracing::info;

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
}
