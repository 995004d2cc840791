//! How the practice network comes and goes, step by step; every step may be the last before a
//! power cut.

use streembit_identity::NetworkId;
use tracing::{info, warn};

use super::{
    NAME, Practice, Stage,
    kept::{self, Kept},
    neighbours::{self, Neighbours},
};
use crate::{Code, Error};

impl Practice {
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

    /// Makes it, after clearing away what an earlier try may have left.
    pub(super) async fn build(&self) -> Result<NetworkId, Error> {
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
    pub(super) async fn resume(&self, kept: &Kept) {
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
    pub(super) async fn clear(&self, neighbours: &mut Neighbours) -> Result<(), Error> {
        let node = &self.0.node;
        let Some(mut kept) = Kept::load(node).await? else {
            return Ok(());
        };
        kept.is_ready = false;
        kept.save(node).await?;
        // They go first, so that nothing of them comes in any more while it is forgotten.
        neighbours.stop().await;
        if node.network(&kept.network.0).is_some() {
            node.network_forget(kept.network.0).await?;
        }
        neighbours::forget(&self.0.folder)
            .map_err(|error| Error::new(Code::Storage, error.to_string()))?;
        Kept::remove(node).await
    }
}
