//! The claimer's side: one step that makes a host this account's own, or changes nothing.

use std::{sync::Arc, time::Duration};

use libp2p::Multiaddr;
use streembit_gate::{AuthorError, InsertError, Ledger, Role};
use streembit_identity::{
    AccountId, Certificate, Kind, Name, NetworkId, NodeId, PeerKind,
    link::{ClaimLink, Link},
};
use streembit_store::Host;
use streembit_things::claim::{
    Attempt, ClaimAnswer, ClaimCommit, ClaimRefusal, Claimer, ClaimerError, Destination, Offer,
    encode,
};
use tracing::{debug, info, warn};

use super::{
    accept,
    pending::Pending,
    swarm::{CLAIM, Swarm},
};
use crate::{
    ask::AskError,
    devices::{DeviceError, DeviceView},
    event::Event,
    net::keeper::Learning,
    node::{Node, fill},
    reach::{bare_addresses, full_addresses},
};

/// How long the host may take to be reached.
const DIAL: Duration = Duration::from_secs(20);
/// How long the host may take to answer.
const ANSWER: Duration = Duration::from_secs(15);
/// How often a commit without an answer is asked after at once.
const TRIES: u32 = 3;
/// How long the claimed host may take to appear in its network.
const APPEAR: Duration = Duration::from_secs(20);
/// Waiting times before an undecided claim is asked after again.
const RETRIES: [Duration; 3] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(120),
];
/// The longest of them.
const LONGEST: Duration = Duration::from_secs(600);
/// Largest commit, in bytes, well within an envelope.
const MAX_COMMIT: usize = 360 * 1024;
/// Numbers that are tried after a name that the network has already.
const MAX_NAMESAKES: u32 = 99;

/// One end of the claim swarm that dials `host`.
struct Line {
    addresses: Vec<Multiaddr>,
    host: (AccountId, NodeId),
    stop: tokio_util::sync::DropGuard,
    swarm: Arc<Swarm>,
}

impl Line {
    fn new(
        node: &Node,
        host: (AccountId, NodeId),
        addresses: &[String],
    ) -> Result<Self, DeviceError> {
        let stop = node.stop_token();
        let (swarm, mut events) = Swarm::start(node, CLAIM, host.1, &[], &stop)
            .map_err(|error| DeviceError::Internal(error.to_string()))?;
        node.spawn(async move { while events.recv().await.is_some() {} });
        Ok(Self {
            addresses: bare_addresses(&host.1, addresses),
            host,
            stop: stop.drop_guard(),
            swarm,
        })
    }

    async fn ask(
        &self,
        node: &Node,
        kinds: (Kind, Kind),
        body: Vec<u8>,
    ) -> Result<Vec<u8>, AskError> {
        self.swarm
            .dial(self.host.1, self.addresses.clone(), DIAL)
            .await?;
        let answer = self.swarm.ask(node, self.host, kinds, body, ANSWER).await?;
        Ok(answer.body.clone())
    }
}

impl Node {
    /// Claims a host: it becomes this account's own and a member of the chosen network.
    ///
    /// # Errors
    /// See [`DeviceError`]; after one, neither side holds anything of the claim, except that a
    /// host that fell silent at the last step is asked again until it is known.
    pub async fn device_claim(
        &self,
        link: &str,
        network: NetworkId,
    ) -> Result<Vec<DeviceView>, DeviceError> {
        let Link::Claim(link) =
            Link::parse(link).map_err(|error| DeviceError::Invalid(error.to_string()))?
        else {
            return Err(DeviceError::Invalid(
                "this link does not claim a device".to_owned(),
            ));
        };
        let _one_at_a_time = self.0.devices.claims().claiming.lock().await;
        self.check_claim(&link, network).await?;
        if let Some(known) = self.pending_claim(link.host).await? {
            // The host may have lost power and wait at other ports by now.
            let addresses = link.addresses.clone();
            let pending = Pending { addresses, ..known };
            if self.settle(&pending).await? {
                return self.appeared(link.host).await;
            }
        }
        let line = Line::new(self, (link.host, link.node), &link.addresses)?;
        let pending = self.prepare(&line, &link, network).await?;
        self.keep_claim(&pending).await?;
        let settled = self.commit(&line, &pending).await;
        drop(line.stop);
        match settled {
            Ok(()) => self.appeared(link.host).await,
            Err(error) => {
                let this = self.clone();
                self.spawn(async move { this.resume_claims().await });
                Err(error)
            }
        }
    }

    async fn check_claim(&self, link: &ClaimLink, network: NetworkId) -> Result<(), DeviceError> {
        let live = self.network(&network);
        let live = live.ok_or_else(|| DeviceError::NotFound("no such network".to_owned()))?;
        if !live.is_public() && live.role_of(&self.me().account) != Some(Role::Admin) {
            let text = "only an admin of the network can bring a device into it";
            return Err(DeviceError::Denied(text.to_owned()));
        }
        if link.host == self.me().account {
            return Err(DeviceError::Invalid(
                "this is the link of this very device".to_owned(),
            ));
        }
        let hosts = self.store().hosts(None).await?;
        let is_own = |host: &Host| host.host == link.host && host.level.as_deref() == Some("owner");
        if hosts.iter().any(is_own) {
            return Err(DeviceError::Conflict(
                "this device is yours already".to_owned(),
            ));
        }
        Ok(())
    }

    /// Asks the host for its offer, and makes of it what is committed.
    async fn prepare(
        &self,
        line: &Line,
        link: &ClaimLink,
        network: NetworkId,
    ) -> Result<Pending, DeviceError> {
        let mut attempt = [0; 16];
        fill(&mut attempt);
        let attempt = Attempt(attempt.into());
        let claimer = Claimer::new(self.me().account, link.host, attempt);
        let wish = encode(&claimer.request(&link.secret, self.name()));
        let answer = line
            .ask(self, (Kind::ClaimRequest, Kind::ClaimOffer), wish)
            .await?;
        let offer = claimer.offer(&answer).map_err(refused)?;
        let is_host = Certificate::parse(&offer.certificate).is_ok_and(|certificate| {
            certificate.account() == link.host && certificate.node() == link.node
        });
        if !is_host || offer.kind == PeerKind::Human {
            return Err(DeviceError::Invalid(
                "this is not a device that can be claimed".to_owned(),
            ));
        }
        let commit = self.draft(attempt, link.host, &offer, network)?;
        if encode(&commit).len() > MAX_COMMIT {
            return Err(DeviceError::TooLarge(
                "the network's history is too long to hand over".to_owned(),
            ));
        }
        Ok(Pending {
            addresses: link.addresses.clone(),
            certificate: offer.certificate.to_vec(),
            commit,
            host: link.host,
            kind: offer.kind.to_string(),
            name: offer.name.to_string(),
            node: link.node,
        })
    }

    /// Signs the addition of the host without letting it count: that comes with the host's word.
    fn draft(
        &self,
        attempt: Attempt,
        host: AccountId,
        offer: &Offer,
        network: NetworkId,
    ) -> Result<ClaimCommit, DeviceError> {
        let live = self.network(&network);
        let live = live.ok_or_else(|| DeviceError::NotFound("no such network".to_owned()))?;
        let destination = match live.ledger() {
            None => Destination::Public,
            Some(ledger) => {
                let add = self.signed_addition(&ledger, host, offer)?;
                let known = ledger
                    .operations()
                    .map(|(_, operation)| operation.bytes().to_vec());
                let certificates = live.keeper().standing().certificates;
                Destination::Private {
                    network,
                    name: ledger.roster().name.clone(),
                    operations: known.chain([add]).map(Into::into).collect(),
                    certificates: certificates
                        .bytes()
                        .map(|bytes| bytes.to_vec().into())
                        .collect(),
                }
            }
        };
        let mut addresses = full_addresses(&self.me().node, &live.net().addresses());
        addresses.truncate(8);
        Ok(ClaimCommit {
            attempt,
            name: self.name(),
            certificate: self.me().certificate.bytes().to_vec().into(),
            destination,
            addresses,
        })
    }

    /// Signs the addition under the host's name, or that name with a number if it is taken.
    fn signed_addition(
        &self,
        ledger: &Ledger,
        host: AccountId,
        offer: &Offer,
    ) -> Result<Vec<u8>, DeviceError> {
        let role = if offer.kind == PeerKind::Hub {
            Role::Hub
        } else {
            Role::Device
        };
        let names = (1..=MAX_NAMESAKES).map(|number| numbered(&offer.name, number));
        for name in names.flatten() {
            let key = &self.me().account_key;
            match ledger.author_add(key, host, name, role, self.now()) {
                Ok(operation) => return Ok(operation),
                Err(AuthorError::Refused(InsertError::NameTaken)) => {}
                Err(AuthorError::Refused(InsertError::AlreadyMember)) => {
                    let text = "this device is a member of the network already: remove it first";
                    return Err(DeviceError::Conflict(text.to_owned()));
                }
                Err(error) => return Err(DeviceError::Internal(error.to_string())),
            }
        }
        Err(DeviceError::Conflict(
            "the network has too many devices of this name".to_owned(),
        ))
    }

    /// Sends the commit until the host has said whether it kept it.
    async fn commit(&self, line: &Line, pending: &Pending) -> Result<(), DeviceError> {
        let claimer = Claimer::new(self.me().account, pending.host, pending.commit.attempt);
        let body = encode(&pending.commit);
        let _claiming = self.0.devices.claims().is_claiming(pending.node);
        let mut last = AskError::Unreachable;
        for _ in 0..TRIES {
            match line
                .ask(self, (Kind::ClaimCommit, Kind::ClaimDone), body.clone())
                .await
            {
                Ok(answer) => match claimer.answer(&answer) {
                    Some(ClaimAnswer::Done(at)) => return self.finish(pending, &at).await,
                    Some(ClaimAnswer::Never(error)) => {
                        self.drop_claim(pending.host).await?;
                        return Err(refused(error));
                    }
                    None => last = AskError::Invalid,
                },
                Err(error) => {
                    debug!(%error, "The device did not answer to the commit");
                    last = error;
                }
            }
        }
        Err(last.into())
    }

    /// Asks after an undecided claim; true when the host is ours, false when it never will be by it.
    async fn settle(&self, pending: &Pending) -> Result<bool, DeviceError> {
        let line = Line::new(self, (pending.host, pending.node), &pending.addresses)?;
        let Err(error) = self.commit(&line, pending).await else {
            return Ok(true);
        };
        if self.took_effect(pending).await? {
            // The host had said so before the power failed, and no longer waits to be asked.
            return self.finish(pending, &[]).await.map(|()| true);
        }
        if self.pending_claim(pending.host).await?.is_some() {
            Err(error)
        } else {
            Ok(false)
        }
    }

    /// Whether the addition counts here: that comes only after the host's word.
    async fn took_effect(&self, pending: &Pending) -> Result<bool, DeviceError> {
        if let Destination::Private { network, .. } = &pending.commit.destination {
            let live = self.network(network);
            return Ok(live.is_some_and(|live| live.has_member(&pending.host)));
        }
        let hosts = self.store().hosts(Some(NetworkId::PUBLIC)).await?;
        Ok(hosts.iter().any(|host| host.host == pending.host))
    }

    /// Lets a claim take effect here. Every step may be repeated.
    async fn finish(&self, pending: &Pending, at: &[String]) -> Result<(), DeviceError> {
        let network = match &pending.commit.destination {
            Destination::Private { network, .. } => *network,
            Destination::Public => NetworkId::PUBLIC,
        };
        // Known before it counts: whoever loses power in between finds the host again.
        accept::remember(self, network, (pending.host, pending.node), at).await?;
        self.admit(pending).await?;
        let now = self.now();
        let row = Host {
            network,
            host: pending.host,
            title: pending.name.clone(),
            level: Some("owner".to_owned()),
            added_at: now,
            last_seen: Some(now),
        };
        self.store().put_host(row).await?;
        self.drop_claim(pending.host).await?;
        info!(host = %pending.host, network = %network.short(), "Claimed a device");
        if let Some(live) = self.network(&network) {
            live.wake();
        }
        self.emit(Event::Device {
            host: pending.host,
            network,
        });
        Ok(())
    }

    /// Makes the host a member, or a contact.
    async fn admit(&self, pending: &Pending) -> Result<(), DeviceError> {
        if let Destination::Private {
            network,
            operations,
            ..
        } = &pending.commit.destination
        {
            let live = self.network(network);
            let live = live.ok_or_else(|| DeviceError::NotFound("no such network".to_owned()))?;
            let addition = operations.last().map(|add| add.to_vec());
            let told = Learning {
                certificates: vec![pending.certificate.clone()],
                operations: addition.into_iter().collect(),
                ..Learning::default()
            };
            live.keeper().learn(told).await?;
            return Ok(());
        }
        let certificate = Certificate::parse(&pending.certificate)
            .map_err(|error| DeviceError::Internal(error.to_string()))?;
        let (name, kind) = (&pending.name, &pending.kind);
        accept::befriend(self, pending.host, name, kind, &certificate).await?;
        Ok(())
    }

    /// Waits a moment for the claimed host to appear, and lists its things.
    async fn appeared(&self, host: AccountId) -> Result<Vec<DeviceView>, DeviceError> {
        let mut events = self.subscribe();
        let deadline = tokio::time::Instant::now() + APPEAR;
        loop {
            let mut things = self.devices_list(None).await?;
            things.retain(|thing| thing.device == host);
            let is_late = tokio::time::Instant::now() >= deadline;
            if !things.is_empty() || is_late {
                return Ok(things);
            }
            // Any event may be the one; a closed or lagging channel is looked at again as well.
            let _ = tokio::time::timeout_at(deadline, events.recv()).await;
        }
    }

    /// Takes up claims that were cut off, until each is decided.
    pub(super) async fn resume_claims(&self) {
        for wait in RETRIES.iter().chain(std::iter::repeat(&LONGEST)) {
            if self.pending_claims().await.is_empty() {
                return;
            }
            tokio::time::sleep(*wait).await;
            let _one_at_a_time = self.0.devices.claims().claiming.lock().await;
            for pending in self.pending_claims().await {
                if let Err(error) = self.settle(&pending).await {
                    warn!(host = %pending.host, %error, "A claim is still undecided");
                }
            }
        }
    }
}

/// `name`, or `name 2` and so on, cut so that it stays a name.
fn numbered(name: &Name, number: u32) -> Option<Name> {
    if number == 1 {
        return Some(name.clone());
    }
    let stem: String = name.as_str().chars().take(60).collect();
    format!("{} {number}", stem.trim_end()).parse().ok()
}

fn refused(error: ClaimerError) -> DeviceError {
    let ClaimerError::Refused(refusal) = error else {
        return DeviceError::Internal(error.to_string());
    };
    let text = refusal.to_string();
    match refusal {
        ClaimRefusal::Busy | ClaimRefusal::TooMany => DeviceError::Busy,
        ClaimRefusal::Claimed => DeviceError::Conflict(text),
        ClaimRefusal::Closed | ClaimRefusal::Unknown => DeviceError::Expired(text),
        ClaimRefusal::Failed | ClaimRefusal::Invalid => DeviceError::Internal(text),
        ClaimRefusal::WrongSecret => DeviceError::Denied(text),
    }
}
