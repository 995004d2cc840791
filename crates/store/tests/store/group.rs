//! Group commit, back-pressure and the fate of jobs that share a transaction.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use streembit_store::{Hook, Options, Page, Store, StoreError};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::support::*;

/// Holds the writer at the start of a transaction until it is let go.
#[derive(Default)]
struct Barrier {
    is_held: Mutex<bool>,
    change: Condvar,
    commits: AtomicUsize,
}

impl Barrier {
    fn hook(self: &Arc<Self>) -> Hook {
        let barrier = Arc::clone(self);
        Arc::new(move |point| match point {
            "begin" => {
                let held = barrier.is_held.lock().unwrap();
                drop(barrier.change.wait_while(held, |held| *held).unwrap());
            }
            "committed" => drop(barrier.commits.fetch_add(1, Ordering::SeqCst)),
            _ => {}
        })
    }

    fn hold(&self, is_held: bool) {
        *self.is_held.lock().unwrap() = is_held;
        self.change.notify_all();
    }
}

async fn held() -> (TempDir, Arc<Barrier>, Store) {
    let folder = TempDir::new().unwrap();
    let barrier = Arc::new(Barrier::default());
    let options = Options {
        hook: Some(barrier.hook()),
        max_pages: None,
    };
    let store = Store::open(&folder.path().join("streembit.db"), &key(), options)
        .await
        .unwrap();
    (folder, barrier, store)
}

#[tokio::test]
async fn what_is_queued_together_is_committed_together() {
    let (_folder, barrier, store) = held().await;
    barrier.hold(true);
    let mut jobs = JoinSet::new();
    for n in 0..1000 {
        let store = store.clone();
        jobs.spawn(async move { store.insert_incoming(incoming(n, bob())).await });
    }
    while jobs.len() < 1000 {
        tokio::task::yield_now().await;
    }
    for _ in 0..2000 {
        tokio::task::yield_now().await; // until every job has queued itself
    }
    barrier.hold(false);
    let stored = jobs.join_all().await;

    assert!(stored.iter().all(Result::is_ok));
    let commits = barrier.commits.load(Ordering::SeqCst);
    assert!(commits <= 6, "{commits} commits for 1000 jobs");
}

#[tokio::test]
async fn a_full_queue_answers_busy_and_loses_nothing_it_took() {
    let (_folder, barrier, store) = held().await;
    barrier.hold(true);
    let mut jobs = JoinSet::new();
    for n in 0..3000 {
        let store = store.clone();
        jobs.spawn(async move { store.insert_incoming(incoming(n, bob())).await });
    }
    let mut refused = 0;
    while refused < 1000 {
        let answer = jobs.join_next().await.unwrap().unwrap();
        assert!(matches!(answer, Err(StoreError::Busy)), "{answer:?}");
        refused += 1;
    }
    barrier.hold(false);
    let mut taken = 0;
    while let Some(answer) = jobs.join_next().await {
        match answer.unwrap() {
            Ok(_) => taken += 1,
            Err(error) => assert!(matches!(error, StoreError::Busy), "{error:?}"),
        }
    }

    assert!(taken >= 1024, "{taken}");
    let unread = store.conversations(None).await.unwrap()[0].unread;
    assert_eq!(unread, taken);
}

#[tokio::test]
async fn a_job_that_fails_takes_no_other_with_it() {
    let (_folder, barrier, store) = held().await;
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();
    barrier.hold(true);
    let (first, second, third) = tokio::join!(
        store.insert_outgoing(outgoing(2, bob())),
        store.insert_outgoing(outgoing(1, bob())),
        async {
            let third = store.insert_outgoing(outgoing(3, bob()));
            barrier.hold(false);
            third.await
        },
    );

    assert!(first.is_ok() && third.is_ok());
    assert!(
        matches!(second, Err(StoreError::Sql { .. })),
        "an id is used once: {second:?}"
    );
    let texts: Vec<_> = store
        .messages(NETWORK, bob(), Page::default())
        .await
        .unwrap()
        .unwrap()
        .into_iter()
        .map(|message| message.text)
        .collect();
    assert_eq!(texts, ["message 1", "message 2", "message 3"]);
}

#[tokio::test]
async fn what_was_queued_before_closing_is_still_written() {
    let (folder, barrier, store) = held().await;
    barrier.hold(true);
    let writing = store.insert_incoming(incoming(1, bob()));
    let closing = async {
        barrier.hold(false);
        store.close().await;
    };
    let (written, ()) = tokio::join!(writing, closing);

    written.unwrap();
    let again = open(&folder.path().join("streembit.db")).await;
    assert!(
        again
            .message(NETWORK, bob(), id(1))
            .await
            .unwrap()
            .is_some()
    );
}
