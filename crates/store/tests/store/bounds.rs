//! Everything that others can make grow has an end.

use streembit_store::{
    AuditEntry, CachedAddress, Invite, MAX_ADDRESSES, MAX_AUDIT, MAX_GRANTS, MAX_INVITES,
    MAX_OUTBOX, MAX_REFUSALS, MAX_SEEDS, Page, RefusedAttempt, Seed, Store, StoreError,
    StoredGrant,
};
use tokio::task::JoinSet;

use crate::support::*;

/// Runs `count` jobs, as many at a time as the queue takes.
async fn many<F, T>(count: u64, job: F) -> Vec<Result<T, StoreError>>
where
    F: Fn(u64) -> std::pin::Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send>>,
    T: Send + 'static,
{
    let mut answers = Vec::new();
    let mut jobs = JoinSet::new();
    for n in 0..count {
        if jobs.len() == 500 {
            answers.push(jobs.join_next().await.unwrap().unwrap());
        }
        jobs.spawn(job(n));
    }
    answers.extend(jobs.join_all().await);
    answers
}

#[tokio::test]
async fn the_logs_keep_the_latest_entries() {
    let store: Store = memory().await;
    let log = store.clone();
    many(MAX_REFUSALS + 50, move |n| {
        let store = log.clone();
        let attempt = RefusedAttempt {
            at: later(n),
            network: NETWORK,
            account: None,
            node: None,
            address: String::new(),
            direction: "inbound".to_owned(),
            reason: "not_listed".to_owned(),
        };
        let entry = AuditEntry {
            id: 0,
            at: later(n),
            peer: bob(),
            thing: String::new(),
            operation: String::new(),
            affordance: None,
            outcome: String::new(),
        };
        Box::pin(async move {
            store.add_audit(entry).await?;
            store.add_refusal(attempt).await
        })
    })
    .await;

    let oldest = Page {
        before: Some(51),
        limit: 200,
    };
    let first_kept = Page {
        before: Some(52),
        limit: 200,
    };
    assert!(store.refusals(None, oldest).await.unwrap().is_empty());
    assert_eq!(store.refusals(None, first_kept).await.unwrap().len(), 1);
    let oldest = Page {
        before: Some(50 + MAX_AUDIT - MAX_REFUSALS + 1),
        limit: 200,
    };
    assert!(store.audit(oldest).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_outbox_says_when_it_is_full() {
    let store = memory().await;
    let filling = store.clone();
    let answers = many(MAX_OUTBOX as u64, move |n| {
        let store = filling.clone();
        Box::pin(async move { store.enqueue(item(n as u32, bob())).await })
    })
    .await;
    assert!(answers.iter().all(Result::is_ok));

    let refused = store.insert_outgoing(outgoing(u32::MAX, bob())).await;

    assert!(
        matches!(refused, Err(StoreError::TooMany { .. })),
        "{refused:?}"
    );
    assert!(
        store
            .message(NETWORK, bob(), id(u32::MAX))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn the_address_cache_forgets_what_was_used_longest_ago() {
    let store = memory().await;
    let filling = store.clone();
    many(MAX_ADDRESSES as u64 + 30, move |n| {
        let store = filling.clone();
        let address = CachedAddress {
            node: node(n as u16),
            account: None,
            address: "/ip4/192.0.2.1/tcp/1".to_owned(),
            last_ok: later(n),
        };
        Box::pin(async move { store.put_address(NETWORK, address).await })
    })
    .await;

    let kept = store.addresses(NETWORK).await.unwrap();

    assert_eq!(kept.len(), MAX_ADDRESSES);
    assert_eq!(kept[0].last_ok, later(MAX_ADDRESSES as u64 + 29));
}

#[tokio::test]
async fn seeds_invites_and_grants_have_an_end() {
    let store = memory().await;
    for n in 0..MAX_SEEDS {
        store
            .add_seed(Seed {
                address: n.to_string(),
                added_at: NOW,
            })
            .await
            .unwrap();
    }
    for n in 0..MAX_INVITES {
        store.add_invite(invite(n)).await.unwrap();
    }
    for n in 0..MAX_GRANTS {
        store.put_grant(grant(n)).await.unwrap();
    }

    let refusals = [
        store
            .add_seed(Seed {
                address: "one more".to_owned(),
                added_at: NOW,
            })
            .await
            .map(drop),
        store.add_invite(invite(MAX_INVITES)).await,
        store.put_grant(grant(MAX_GRANTS)).await,
    ];

    for refused in refusals {
        assert!(
            matches!(refused, Err(StoreError::TooMany { .. })),
            "{refused:?}"
        );
    }
    let later_invite = Invite {
        created_at: later(100),
        expires_at: later(200),
        ..invite(MAX_INVITES)
    };
    store
        .add_invite(later_invite)
        .await
        .expect("expired ones give way");
}

fn invite(n: usize) -> Invite {
    let mut secret_hash = [0; 32];
    secret_hash[..8].copy_from_slice(&(n as u64).to_be_bytes());
    Invite {
        secret_hash,
        created_at: NOW,
        expires_at: later(60),
        used_by: None,
    }
}

fn grant(n: usize) -> StoredGrant {
    StoredGrant {
        thing: Some(n.to_string()),
        ..crate::devices::grant("view")
    }
}
