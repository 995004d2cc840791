//! The certificate by which the account vouches for this installation.

use std::time::Duration;

use streembit_identity::{AccountKey, Certificate, NodeId, Purpose, Timestamp};
use streembit_store::Store;

use super::ProfileError;

/// A certificate that ends sooner than this is replaced at the start.
const RENEW_BEFORE: Duration = Duration::from_hours(120 * 24);

/// Returns the stored certificate, or issues a new one and stores it.
pub(super) async fn ensure(
    store: &Store,
    account: &AccountKey,
    node: NodeId,
    now: Timestamp,
) -> Result<Certificate, ProfileError> {
    let stored = store.own_account().await?.certificate;
    let stored = stored.and_then(|bytes| Certificate::parse(&bytes).ok());
    if let Some(certificate) = stored
        && certificate.account() == account.id()
        && certificate.node() == node
        && certificate.is_live(now.plus(RENEW_BEFORE))
        && certificate.is_live(now)
    {
        return Ok(certificate);
    }
    let expires = now.plus(Certificate::LIFETIME);
    let certificate = Certificate::issue(account, node, Purpose::Full, now, expires)?;
    store
        .set_own_certificate(certificate.bytes().to_vec())
        .await?;
    Ok(certificate)
}
