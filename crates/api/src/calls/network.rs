//! Commands about networks and their connections.

use std::{path::Path, time::Duration};

use data_encoding::BASE32_NOPAD;
use streembit_gate::OperationId;
use streembit_identity::{RecoveryPhrase, Timestamp};

use super::{invalid, read};
use crate::{Code, Error, Host, events, table::Nothing, types::*, view};

/// How many entries a page has where nobody said otherwise.
const LIMIT: u32 = 50;

pub(crate) async fn list(host: &Host, _: Nothing) -> Result<Vec<Network>, Error> {
    Ok(host
        .node()?
        .networks_list()
        .into_iter()
        .map(Network::from)
        .collect())
}

pub(crate) async fn create(host: &Host, arguments: NetworkCreate) -> Result<NetworkCreated, Error> {
    let created = host
        .node()?
        .network_create(read("name", &arguments.name)?)
        .await?;
    Ok(NetworkCreated {
        network: created.network.into(),
        name: created.name.to_string(),
        recovery: created.recovery.to_string(),
    })
}

pub(crate) async fn link(host: &Host, arguments: NetworkRef) -> Result<LinkText, Error> {
    Ok(view::link::text(
        host.node()?.network_link(arguments.network.0)?,
        None,
    ))
}

pub(crate) async fn invite(host: &Host, arguments: NetworkInviteWish) -> Result<LinkText, Error> {
    let name = arguments.name.map(|name| read("name", &name)).transpose()?;
    let role = arguments.role.unwrap_or(Role::Member).into();
    let lifetime = arguments.expires_in_s.map(Duration::from_secs);
    let invite = host
        .node()?
        .network_invite(arguments.network.0, name, role, lifetime)
        .await?;
    let expires_at = Some(invite.expires_at.0);
    Ok(view::link::text(invite.link.to_string(), expires_at))
}

pub(crate) async fn invites(
    host: &Host,
    arguments: NetworkRef,
) -> Result<Vec<NetworkInvite>, Error> {
    let invites = host.node()?.network_invites(arguments.network.0).await?;
    let now = Timestamp(events::now());
    Ok(invites
        .into_iter()
        .map(|invite| view::network::invite(invite, now))
        .collect())
}

pub(crate) async fn invite_revoke(host: &Host, arguments: NetworkInviteRef) -> Result<(), Error> {
    let id = read("id", &arguments.id)?;
    Ok(host
        .node()?
        .network_invite_revoke(arguments.network.0, id)
        .await?)
}

pub(crate) async fn join(host: &Host, arguments: LinkRef) -> Result<NetworkJoined, Error> {
    let joined = host.node()?.network_join(&arguments.link).await?;
    Ok(NetworkJoined {
        network: joined.network.into(),
        name: joined.name,
        state: if joined.is_joined {
            JoinState::Joined
        } else {
            JoinState::Waiting
        },
        waiting_for: joined.waiting_for,
    })
}

pub(crate) async fn leave(host: &Host, arguments: NetworkRef) -> Result<(), Error> {
    let (network, practice) = (arguments.network.0, host.practice()?);
    if practice.is(network) {
        return practice.remove().await;
    }
    Ok(host.node()?.network_leave(network).await?)
}

pub(crate) async fn confirm(host: &Host, arguments: NetworkRef) -> Result<Network, Error> {
    let node = host.node()?;
    Ok(node.network_confirm(arguments.network.0).await?.into())
}

pub(crate) async fn set_policy(host: &Host, arguments: NetworkSetPolicy) -> Result<Network, Error> {
    let policy = streembit_gate::Policy {
        stale_after_days: arguments.stale_after_days,
        cuts_off: arguments.cuts_off,
    };
    let node = host.node()?;
    let network = node.network_set_policy(arguments.network.0, policy).await?;
    Ok(network.into())
}

pub(crate) async fn recover(host: &Host, arguments: NetworkRecover) -> Result<Network, Error> {
    let (node, words) = (host.node()?, words(&arguments)?);
    let network = node.network_recover(arguments.network.0, &words).await?;
    Ok(network.into())
}

pub(crate) async fn tidy(host: &Host, arguments: NetworkRecover) -> Result<Network, Error> {
    let (node, words) = (host.node()?, words(&arguments)?);
    let network = node.network_tidy(arguments.network.0, &words).await?;
    Ok(network.into())
}

fn words(arguments: &NetworkRecover) -> Result<RecoveryPhrase, Error> {
    RecoveryPhrase::parse(&arguments.phrase).map_err(|error| invalid("phrase", &error.to_string()))
}

pub(crate) async fn peers(host: &Host, arguments: NetworkRef) -> Result<Vec<NetworkPeer>, Error> {
    let peers = host.node()?.network_peers(arguments.network.0).await?;
    Ok(peers.into_iter().map(NetworkPeer::from).collect())
}

pub(crate) async fn export(host: &Host, arguments: NetworkExport) -> Result<ListChange, Error> {
    let (node, network) = (host.node()?, arguments.network.0);
    node.network_export(network, Path::new(&arguments.path))
        .await?;
    let added = node
        .members_list(network)
        .await?
        .into_iter()
        .map(ListedMember::from)
        .collect();
    Ok(ListChange {
        added,
        ..ListChange::default()
    })
}

pub(crate) async fn bundle(host: &Host, arguments: NetworkBundle) -> Result<BundleWritten, Error> {
    let path = Path::new(&arguments.path);
    let bytes = host
        .node()?
        .network_bundle(arguments.network.0, path)
        .await?;
    Ok(BundleWritten {
        path: arguments.path,
        bytes,
    })
}

pub(crate) async fn import(host: &Host, arguments: NetworkImport) -> Result<ListChange, Error> {
    let node = host.node()?;
    let network = match arguments.network {
        Some(network) => network.0,
        None => {
            let mut private = node.networks_list().into_iter().filter(|it| !it.is_public);
            match (private.next(), private.next()) {
                (Some(only), None) => only.network,
                (None, _) => return Err(invalid("network", "there is no private network")),
                (Some(_), Some(_)) => {
                    let message = "there are several private networks: say which one";
                    return Err(Error::new(Code::Ambiguous, message));
                }
            }
        }
    };
    let dry_run = arguments.dry_run.unwrap_or(false);
    let change = node
        .network_import(network, Path::new(&arguments.path), dry_run)
        .await?;
    Ok(change.into())
}

pub(crate) async fn log(
    host: &Host,
    arguments: NetworkLogPage,
) -> Result<Vec<NetworkOperation>, Error> {
    let before = arguments.before.as_deref().map(operation).transpose()?;
    let limit = usize::try_from(arguments.limit.unwrap_or(LIMIT)).unwrap_or(usize::MAX);
    let entries = host
        .node()?
        .network_log(arguments.network.0, before, limit)?;
    Ok(entries.into_iter().map(NetworkOperation::from).collect())
}

/// Reads an operation's id as the log gives it.
fn operation(text: &str) -> Result<OperationId, Error> {
    let bytes = BASE32_NOPAD
        .decode(text.to_ascii_uppercase().as_bytes())
        .unwrap_or_default();
    let bytes = bytes
        .try_into()
        .map_err(|_| invalid("before", "this is not an operation's id"))?;
    Ok(OperationId::from_bytes(bytes))
}

pub(crate) async fn gate_log(host: &Host, arguments: GateLogPage) -> Result<Vec<Refusal>, Error> {
    let before = arguments.before.map(|id| read("before", &id)).transpose()?;
    let network = arguments.network.map(|network| network.0);
    let limit = arguments.limit.unwrap_or(LIMIT);
    let refusals = host.node()?.gate_log(network, before, limit).await?;
    Ok(refusals.into_iter().map(Refusal::from).collect())
}
