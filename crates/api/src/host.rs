//! What the commands act on: one profile, its running node, and everyone who follows its events.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError, RwLock},
};

use streembit_identity::Passphrase;
use streembit_node::{
    Config, Node,
    profile::{Joining, Keys, Profile, ProfileError},
};
use tokio::sync::{Semaphore, SemaphorePermit, broadcast, watch};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use tracing::{debug, info, warn};

use crate::{
    Code, Error, Events, events,
    practice::Practice,
    rights::Rights,
    types::{AccountStatus, Event},
};

/// Events kept for a follower that lags; it is told how many it missed.
const EVENTS: usize = 1_024;

/// Shows the window; only a desktop app has one.
pub trait Window: Send + Sync {
    /// Brings the window to the front, and shows `link` for inspection.
    fn show(&self, link: Option<String>);
}

/// One profile and its running node. Cheap to clone.
#[derive(Clone)]
pub struct Host(Arc<Inner>);

struct Inner {
    /// One change of the account at a time.
    changes: Semaphore,
    config: Config,
    events: broadcast::Sender<Event>,
    joining: Mutex<Option<watch::Receiver<Joining>>>,
    profile: Profile,
    rights: Rights,
    running: RwLock<Running>,
    stop: CancellationToken,
    window: OnceLock<Box<dyn Window>>,
}

/// What runs now, or why nothing does.
#[derive(Default)]
struct Running {
    node: Option<Node>,
    practice: Option<Practice>,
    _pump: Option<AbortOnDropHandle<()>>,
    problem: Option<Error>,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("folder", &self.folder())
            .finish_non_exhaustive()
    }
}

impl Host {
    /// Takes the data folder for itself; nothing runs yet.
    ///
    /// # Errors
    /// [`ProfileError::InUse`] while another process has it.
    pub fn open(folder: &Path, config: Config) -> Result<Self, ProfileError> {
        let (events, _) = broadcast::channel(EVENTS);
        Ok(Self(Arc::new(Inner {
            changes: Semaphore::new(1),
            config,
            events,
            joining: Mutex::default(),
            profile: Profile::open(folder)?,
            rights: Rights::default(),
            running: RwLock::default(),
            stop: CancellationToken::new(),
            window: OnceLock::new(),
        })))
    }

    /// Returns the data folder.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.0.profile.folder().to_owned()
    }

    /// Gives the host the window that `window_show` shows; the first one stays.
    pub fn set_window(&self, window: impl Window + 'static) {
        let _ = self.0.window.set(Box::new(window));
    }

    /// Starts the node where there is an account whose keys can be read.
    ///
    /// # Errors
    /// Why it does not run; the same stands in the account's status from then on.
    pub async fn start(&self, passphrase: Option<Passphrase>) -> Result<Node, Error> {
        let _change = self.change().await;
        let started = self.unlock(passphrase).await;
        if let Err(error) = &started {
            // A folder without an account, or one that waits for its passphrase, is no trouble.
            if matches!(error.code, Code::NoAccount | Code::Locked) {
                debug!(%error, "The node waits");
            } else {
                warn!(code = ?error.code, %error, "The node did not start");
            }
            self.running_mut(|running| running.problem = Some(error.clone()));
        }
        started
    }

    async fn unlock(&self, passphrase: Option<Passphrase>) -> Result<Node, Error> {
        let keys = self.0.profile.unlock(passphrase).await?;
        self.run(&keys).await
    }

    /// Starts the node with `keys` and passes its events on.
    pub(crate) async fn run(&self, keys: &Keys) -> Result<Node, Error> {
        let node = match self.0.profile.start(keys, self.0.config.clone()).await {
            Ok(node) => node,
            Err(error) => {
                let error = Error::from(error);
                self.running_mut(|running| running.problem = Some(error.clone()));
                return Err(error);
            }
        };
        let practice = match Practice::take_up(node.clone(), self.folder()).await {
            Ok(practice) => practice,
            Err(error) => {
                node.stop().await;
                self.running_mut(|running| running.problem = Some(error.clone()));
                return Err(error);
            }
        };
        let pump = tokio::spawn(events::pump(self.clone(), node.clone(), node.subscribe()));
        self.running_mut(|running| {
            *running = Running {
                node: Some(node.clone()),
                practice: Some(practice),
                _pump: Some(AbortOnDropHandle::new(pump)),
                problem: None,
            };
        });
        info!(peer = %node.me().account, node = %node.me().node, "Started");
        self.tell_account();
        Ok(node)
    }

    /// Stops the node; what follows finds none.
    pub(crate) async fn halt(&self) {
        let Running { node, practice, .. } = self.running_mut(std::mem::take);
        self.0.rights.clear();
        if let Some(practice) = practice {
            practice.halt().await;
        }
        if let Some(node) = node {
            node.stop().await;
        }
    }

    /// Stops everything; the commands of a stopped host fail.
    pub async fn stop(&self) {
        self.0.stop.cancel();
        self.halt().await;
    }

    /// Returns a token that is cancelled when the host stops.
    #[must_use]
    pub fn stop_token(&self) -> CancellationToken {
        self.0.stop.child_token()
    }

    /// Follows the events from now on.
    #[must_use]
    pub fn events(&self) -> Events {
        Events::new(self.0.events.subscribe(), self.0.stop.child_token())
    }

    /// Returns the running node.
    ///
    /// # Errors
    /// [`Code::NoAccount`] or [`Code::Locked`] where none runs.
    pub fn node(&self) -> Result<Node, Error> {
        if let Some(node) = self.running(|running| running.node.clone()) {
            return Ok(node);
        }
        match self.0.profile.describe()? {
            None => Err(Error::new(
                Code::NoAccount,
                "there is no account yet: create one",
            )),
            Some(_) => {
                let why = self.problem().map_or_else(
                    || "the account is locked: unlock it first".to_owned(),
                    |problem| problem.message,
                );
                Err(Error::new(Code::Locked, why))
            }
        }
    }

    /// Returns the practice network beside the running node.
    pub(crate) fn practice(&self) -> Result<Practice, Error> {
        if let Some(practice) = self.running(|running| running.practice.clone()) {
            return Ok(practice);
        }
        let stopped = || Error::new(Code::NotRunning, "the node has stopped");
        Err(self.node().err().unwrap_or_else(stopped))
    }

    /// Returns why the node does not run.
    pub(crate) fn problem(&self) -> Option<Error> {
        self.running(|running| running.problem.clone())
    }

    pub(crate) fn rights(&self) -> &Rights {
        &self.0.rights
    }

    pub(crate) fn profile(&self) -> &Profile {
        &self.0.profile
    }

    pub(crate) fn window(&self) -> Option<&dyn Window> {
        self.0.window.get().map(AsRef::as_ref)
    }

    /// Waits for the right to change the account, and holds it until dropped.
    pub(crate) async fn change(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.0.changes.acquire().await.ok()
    }

    /// Notes that this folder is being linked; false where it is already.
    pub(crate) fn begin_joining(&self, progress: watch::Receiver<Joining>) -> bool {
        if self.joining().is_some() {
            return false;
        }
        let mut joining = self
            .0
            .joining
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        joining.replace(progress);
        true
    }

    /// Returns how far linking this folder is; none where it is not.
    pub(crate) fn joining(&self) -> Option<Joining> {
        let joining = self
            .0
            .joining
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let progress = joining.as_ref()?;
        // Whoever links holds the other end.
        progress
            .has_changed()
            .is_ok()
            .then(|| progress.borrow().clone())
    }

    /// Passes `event` to whoever follows; nobody following is no error.
    pub fn tell(&self, event: Event) {
        let _ = self.0.events.send(event);
    }

    pub(crate) fn tell_account(&self) {
        let account: Box<AccountStatus> = Box::new(crate::calls::account::describe(self));
        self.tell(Event::Account {
            at: events::now(),
            account,
        });
    }

    fn running<T>(&self, look: impl FnOnce(&Running) -> T) -> T {
        look(
            &self
                .0
                .running
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    fn running_mut<T>(&self, act: impl FnOnce(&mut Running) -> T) -> T {
        act(&mut self
            .0
            .running
            .write()
            .unwrap_or_else(PoisonError::into_inner))
    }
}
