//! The threads that own the database, and the handle that everyone else holds.
//!
//! Whatever is queued when the writer wakes shares one transaction and so one wait for the disk;
//! each job has a savepoint of its own, and nobody is answered before the commit is durable.

use std::fmt;
use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::error::{Fault, StoreError};

/// Jobs that may wait; one more is refused as [`StoreError::Busy`].
pub(crate) const QUEUE: usize = 1024;

/// Jobs that share one transaction at most.
const MAX_BATCH: usize = 256;

/// The moments at which the hook is called, in the order in which they pass.
pub const WRITE_POINTS: [&str; 9] = [
    "migrate",
    "migrated",
    "begin",
    "job",
    "written",
    "commit",
    "committed",
    "checkpoint",
    "checkpointed",
];

/// Called with one of [`WRITE_POINTS`] on the writer's thread; tests end the process there.
pub type Hook = Arc<dyn Fn(&'static str) + Send + Sync>;

/// A handle to the database; clones share it.
#[derive(Clone)]
pub struct Store {
    writer: mpsc::Sender<Job>,
    reader: Option<mpsc::Sender<Job>>,
}

/// What the threads are asked for.
pub(crate) enum Job {
    /// Run this and answer after the commit.
    Run(Work),
    /// Finish what is queued, tidy up, answer and end.
    Close(oneshot::Sender<()>),
}

/// A job; given an error instead of the database, it only passes it on.
type Work = Box<dyn FnOnce(Result<&Connection, StoreError>) -> Ran + Send>;

type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A job that ran but is not yet durable.
pub(crate) struct Ran {
    fault: Option<StoreError>,
    answer: Answer,
}

impl Store {
    /// Wraps the queues of running threads.
    pub(crate) fn new(writer: mpsc::Sender<Job>, reader: Option<mpsc::Sender<Job>>) -> Self {
        Self { writer, reader }
    }

    /// Writes what is queued, folds the log into the database and ends its threads.
    ///
    /// Calls made afterwards, on any clone, answer [`StoreError::Stopped`]. Closing twice is fine.
    pub async fn close(&self) {
        for queue in self.reader.iter().chain([&self.writer]) {
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
        ask(&self.writer, context, work).await
    }

    /// Reads from the database, seeing everything that was answered before.
    pub(crate) async fn read<T, F>(&self, context: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        ask(self.reader.as_ref().unwrap_or(&self.writer), context, work).await
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("is_closed", &self.writer.is_closed())
            .finish()
    }
}

/// Queues `work` and waits for its answer.
async fn ask<T, F>(
    queue: &mpsc::Sender<Job>,
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
        .try_send(Job::Run(work))
        .map_err(|error| match error {
            mpsc::error::TrySendError::Closed(_) => StoreError::Stopped,
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
        })?;
    answered.await.unwrap_or(Err(StoreError::Stopped))
}

/// The loop of the thread that writes.
pub(crate) struct Writer {
    db: Connection,
    hook: Option<Hook>,
}

impl Writer {
    /// Takes over an open connection.
    pub(crate) fn new(db: Connection, hook: Option<Hook>) -> Self {
        Self { db, hook }
    }

    /// Works until the queue ends, then folds the log into the database.
    pub(crate) fn run(self, mut jobs: mpsc::Receiver<Job>) {
        let mut closing = Vec::new();
        let mut batch = Vec::new();
        while jobs.blocking_recv_many(&mut batch, MAX_BATCH) > 0 {
            let mut work = Vec::with_capacity(batch.len());
            for job in batch.drain(..) {
                match job {
                    Job::Run(run) => work.push(run),
                    Job::Close(done) => {
                        jobs.close();
                        closing.push(done);
                    }
                }
            }
            self.group(work);
        }
        self.finish();
        for done in closing {
            let _: Result<(), ()> = done.send(()); // nobody has to wait for it
        }
    }

    /// Runs `batch` in one transaction and answers once it is durable.
    fn group(&self, batch: Vec<Work>) {
        let mut batch = batch.into_iter().peekable();
        while batch.peek().is_some() {
            match self.begin() {
                Ok(()) => self.transaction(&mut batch),
                Err(error) => batch
                    .by_ref()
                    .for_each(|work| (work(Err(error.clone())).answer)(Ok(()))),
            }
        }
    }

    /// Runs what is left of a batch until its end, or until SQLite gives the transaction up.
    fn transaction(&self, batch: &mut impl Iterator<Item = Work>) {
        let mut answers = Vec::new();
        for work in batch {
            self.reached("job");
            let ran = self.run_one(work);
            answers.push(ran.answer);
            if self.db.is_autocommit() {
                // A full or failing disk ends the whole transaction, not only the statement.
                return settle(answers, &Err(ran.fault.unwrap_or(StoreError::Full)));
            }
        }
        self.reached("written");
        settle(answers, &self.commit());
    }

    /// Runs one job between savepoints, undoing it when it fails.
    fn run_one(&self, work: Work) -> Ran {
        let ran = match self.execute("SAVEPOINT job") {
            Ok(()) => work(Ok(&self.db)),
            Err(error) => return work(Err(error)),
        };
        if self.db.is_autocommit() {
            return ran;
        }
        let undone = if ran.fault.is_some() {
            self.execute("ROLLBACK TO job")
        } else {
            Ok(())
        };
        match undone.and_then(|()| self.execute("RELEASE job")) {
            Ok(()) => ran,
            Err(error) => {
                drop(self.execute("ROLLBACK")); // better nothing than a part
                Ran {
                    fault: Some(error),
                    answer: ran.answer,
                }
            }
        }
    }

    fn begin(&self) -> Result<(), StoreError> {
        self.reached("begin");
        self.execute("BEGIN IMMEDIATE")
    }

    fn commit(&self) -> Result<(), StoreError> {
        self.reached("commit");
        let done = self.execute("COMMIT");
        if let Err(error) = &done {
            tracing::error!(%error, "Could not commit");
            if !self.db.is_autocommit() {
                drop(self.execute("ROLLBACK"));
            }
        }
        self.reached("committed");
        done
    }

    /// Folds the log into the database, so that a clean shutdown leaves one file.
    fn finish(&self) {
        self.reached("checkpoint");
        let folded = self
            .db
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = folded {
            tracing::warn!(%error, "Could not fold the log; the next start does it");
        }
        self.reached("checkpointed");
    }

    fn execute(&self, statement: &'static str) -> Result<(), StoreError> {
        self.db
            .prepare_cached(statement)
            .and_then(|mut prepared| prepared.execute([]))
            .map(drop)
            .map_err(|error| StoreError::of("group jobs", error))
    }

    fn reached(&self, point: &'static str) {
        if let Some(hook) = &self.hook {
            hook(point);
        }
    }
}

/// Answers each job with the fate of the transaction that it shared.
fn settle(answers: Vec<Answer>, fate: &Result<(), StoreError>) {
    for answer in answers {
        answer(fate.clone());
    }
}

/// The loop of the thread that reads, each job on one consistent snapshot.
pub(crate) fn read_loop(db: &Connection, mut jobs: mpsc::Receiver<Job>) {
    let mut closing = Vec::new();
    while let Some(job) = jobs.blocking_recv() {
        match job {
            Job::Run(work) => {
                let snapshot = db.unchecked_transaction();
                (work(Ok(db)).answer)(Ok(()));
                drop(snapshot);
            }
            Job::Close(done) => {
                jobs.close();
                closing.push(done);
            }
        }
    }
    for done in closing {
        let _: Result<(), ()> = done.send(()); // nobody has to wait for it
    }
}
