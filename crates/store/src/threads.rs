//! The threads that own the database.
//!
//! Whatever is queued when the writer wakes shares one transaction and so one wait for the disk;
//! each job has a savepoint of its own, and nobody is answered before the commit is durable.

use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::actor::{Answer, Job, Ran, Work};
use crate::error::StoreError;

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

    /// Works until the queue ends, then folds the log into the database and lets go of it.
    ///
    /// Returns who waits for that.
    pub(crate) fn run(self, mut jobs: mpsc::Receiver<Job>) -> Closing {
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
        Closing(closing)
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
pub(crate) fn read_loop(db: Connection, mut jobs: mpsc::Receiver<Job>) -> Closing {
    let mut closing = Vec::new();
    while let Some(job) = jobs.blocking_recv() {
        match job {
            Job::Run(work) => {
                let snapshot = db.unchecked_transaction();
                (work(Ok(&db)).answer)(Ok(()));
                drop(snapshot);
            }
            Job::Close(done) => {
                jobs.close();
                closing.push(done);
            }
        }
    }
    drop(db);
    Closing(closing)
}

/// Those who wait for a thread to have let go of the database.
pub(crate) struct Closing(Vec<oneshot::Sender<()>>);

impl Closing {
    /// Tells them.
    pub(crate) fn tell(self) {
        for done in self.0 {
            let _: Result<(), ()> = done.send(()); // nobody has to wait for it
        }
    }
}
