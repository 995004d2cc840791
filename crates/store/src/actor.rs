//! The handle to the database that everyone holds, and the jobs that it sends to its threads.

use std::fmt;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::error::{Fault, StoreError};
use crate::ratchets::First;

/// Jobs that may wait; one more is refused as [`StoreError::Busy`].
pub(crate) const QUEUE: usize = 1024;

/// A handle to the database; clones share it.
///
/// Dropping the last one waits for what is queued, as [`Store::close`] does without blocking.
#[derive(Clone)]
pub struct Store {
    threads: Arc<Threads>,
    /// What the next change is made together with.
    first: Option<First>,
}

/// The queues of the running threads.
pub(crate) struct Threads {
    writer: Option<mpsc::Sender<Job>>,
    reader: Option<mpsc::Sender<Job>>,
    handles: Vec<JoinHandle<()>>,
}

/// What the threads are asked for.
pub(crate) enum Job {
    /// Run this and answer after the commit.
    Run(Work),
    /// Finish what is queued, tidy up, answer and end.
    Close(oneshot::Sender<()>),
}

/// A job; given an error instead of the database, it only passes it on.
pub(crate) type Work = Box<dyn FnOnce(Result<&Connection, StoreError>) -> Ran + Send>;

pub(crate) type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A job that ran but is not yet durable.
pub(crate) struct Ran {
    /// Why it changed nothing.
    pub(crate) fault: Option<StoreError>,
    /// Tells the caller, given the fate of the transaction.
    pub(crate) answer: Answer,
}

impl Store {
    /// Wraps running threads, the writer's first.
    pub(crate) fn new(
        writer: mpsc::Sender<Job>,
        reader: Option<mpsc::Sender<Job>>,
        handles: Vec<JoinHandle<()>>,
    ) -> Self {
        Self {
            threads: Arc::new(Threads {
                writer: Some(writer),
                reader,
                handles,
            }),
            first: None,
        }
    }

    /// Returns a store whose next change is made together with `first`.
    pub(crate) fn with_first(&self, first: First) -> Self {
        Self {
            threads: self.threads.clone(),
            first: Some(first),
        }
    }

    /// Returns what the next change is made together with.
    pub(crate) fn first(&self) -> Option<&First> {
        self.first.as_ref()
    }

    /// Writes what is queued, folds the log into the database and ends its threads.
    ///
    /// Calls made afterwards, on any clone, answer [`StoreError::Stopped`]. Closing twice is fine.
    pub async fn close(&self) {
        for queue in self.threads.reader.iter().chain(&self.threads.writer) {
            let (done, closed) = oneshot::channel();
            if queue.send(Job::Close(done)).await.is_ok() {
                let _: Result<(), _> = closed.await; // an error means that it had ended already
            }
        }
    }

    /// Changes the database; the answer comes after the change is durable.
    pub(crate) async fn write<T, F>(&self, context: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        let first = self.first().and_then(First::take);
        let work = move |db: &Connection| {
            first.map_or(Ok(()), |opening| opening.run(db))?;
            work(db)
        };
        ask(self.threads.writer.as_ref(), context, work).await
    }

    /// Reads from the database, seeing everything that was answered before.
    pub(crate) async fn read<T, F>(&self, context: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        let threads = &self.threads;
        ask(
            threads.reader.as_ref().or(threads.writer.as_ref()),
            context,
            work,
        )
        .await
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Drop for Threads {
    /// Ends the threads before the process can: cryptography must not be torn down under them.
    fn drop(&mut self) {
        self.reader = None;
        self.writer = None;
        for handle in self.handles.drain(..) {
            if handle.thread().id() != thread::current().id() && handle.join().is_err() {
                tracing::error!("A thread of the store ended by a panic");
            }
        }
    }
}

/// Queues `work` and waits for its answer.
async fn ask<T, F>(
    queue: Option<&mpsc::Sender<Job>>,
    context: &'static str,
    work: F,
) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
{
    let (reply, answered) = oneshot::channel();
    let work: Work = Box::new(move |db| {
        match db.and_then(|db| work(db).map_err(|fault| fault.during(context))) {
            Ok(value) => Ran {
                fault: None,
                answer: Box::new(move |durable| drop(reply.send(durable.map(|()| value)))),
            },
            Err(error) => Ran {
                fault: Some(error.clone()),
                answer: Box::new(move |_| drop(reply.send(Err(error)))),
            },
        }
    });
    queue
        .ok_or(StoreError::Stopped)?
        .try_send(Job::Run(work))
        .map_err(|error| match error {
            mpsc::error::TrySendError::Closed(_) => StoreError::Stopped,
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
        })?;
    answered.await.unwrap_or(Err(StoreError::Stopped))
}
