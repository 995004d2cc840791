//! Waiting that ends: for a future, or for something to become true.

use std::future::Future;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::time::{Instant, sleep, timeout};

/// How long a test waits for what takes an instant on an idle machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How often a condition without an event of its own is looked at.
const GLANCE: Duration = Duration::from_millis(40);

/// Waits for `future`, at most for `limit`.
///
/// # Errors
/// When the time is up, naming `what` was awaited.
pub async fn within<T>(
    limit: Duration,
    what: &str,
    future: impl Future<Output = T>,
) -> anyhow::Result<T> {
    timeout(limit, future)
        .await
        .with_context(|| format!("waited {limit:?} for {what}"))
}

/// Looks until `look` finds something, at most for `limit`; a failing look is tried again.
///
/// # Errors
/// When the time is up, with the last failure.
pub async fn eventually<T, F>(
    limit: Duration,
    what: &str,
    mut look: impl FnMut() -> F,
) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Option<T>>>,
{
    let end = Instant::now() + limit;
    loop {
        let last = match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if Instant::now() >= end {
            match last {
                Some(error) => return Err(error.context(format!("waited {limit:?} for {what}"))),
                None => bail!("waited {limit:?} for {what}"),
            }
        }
        sleep(GLANCE).await;
    }
}
