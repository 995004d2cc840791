//! What peers ask of us: verified once, then routed by kind.
//!
//! Handlers get an [`Arrival`], which cannot be made without a verified, accepted envelope.

use std::{collections::HashMap, sync::Arc};

use streembit_gate::ContactState;
use streembit_identity::{
    AcceptError, Accepted, AccountId, Certificate, Envelope, Kind, NetworkId, NodeId, ParseError,
    Party, SignatureError, Unverified,
};
use streembit_store::Store;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tracing::{debug, warn};

use crate::{
    chat, contacts, devices, files, groups, mailbox,
    net::link::{NetEvent, Responder},
    networks::{self, Network},
    node::{Node, message_id},
    own,
    sealed::{self, Opened},
    wire::{self, Refusal},
};

/// Requests worked on at once in one network; more are answered `busy`.
const MAX_AT_ONCE: usize = 256;

/// Those of one account, so that nobody keeps everyone else waiting.
const MAX_OF_ONE: usize = 64;

/// The requests under way in one network.
struct Places {
    all: Arc<Semaphore>,
    by_account: HashMap<AccountId, Arc<Semaphore>>,
}

impl Places {
    fn new() -> Self {
        Self {
            all: Arc::new(Semaphore::new(MAX_AT_ONCE)),
            by_account: HashMap::new(),
        }
    }

    /// Takes a place for a request of `account`, as long as the permits are held.
    fn take(&mut self, account: AccountId) -> Option<[OwnedSemaphorePermit; 2]> {
        if self.by_account.len() > 2 * MAX_AT_ONCE {
            // Whoever has nothing under way has all of its places.
            self.by_account
                .retain(|_, own| own.available_permits() < MAX_OF_ONE);
        }
        let own = self
            .by_account
            .entry(account)
            .or_insert_with(|| Arc::new(Semaphore::new(MAX_OF_ONE)));
        let own = own.clone().try_acquire_owned().ok()?;
        let one = self.all.clone().try_acquire_owned().ok()?;
        Some([own, one])
    }
}

/// An accepted envelope and how it came.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// What it says, opened if it was sealed.
    pub(crate) body: Vec<u8>,
    /// The envelope: signed by `node`, from `from`, to us, in time.
    pub(crate) envelope: Accepted,
    /// The sender.
    pub(crate) from: AccountId,
    /// The conversation it belongs to: that with the sender, or a group.
    pub(crate) party: Party,
    /// The network it came through.
    pub(crate) network: NetworkId,
    /// The sender's node.
    pub(crate) node: NodeId,
    /// Whether a mailbox has kept it: its sender need not be there.
    pub(crate) is_kept: bool,
    /// Where handlers store what they take: a sealed envelope's session moves on with the first
    /// change, so that both are kept or neither.
    pub(crate) store: Store,
}

/// What a handler answers; it is sealed here.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// The body.
    pub(crate) body: Vec<u8>,
    /// The kind.
    pub(crate) kind: Kind,
}

/// Why bytes are no envelope that is taken.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error(transparent)]
    Accept(#[from] AcceptError),
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl Unfit {
    /// Whether no honest node sends this: neither one whose clock is wrong, nor a later version.
    fn is_fault(&self) -> bool {
        match self {
            Self::Signature(_)
            | Self::Accept(AcceptError::WrongAccount | AcceptError::WrongNode)
            | Self::Parse(
                ParseError::Key(_)
                | ParseError::NotCanonical
                | ParseError::NotSigned
                | ParseError::TooLarge,
            ) => true,
            Self::Accept(
                AcceptError::Expired
                | AcceptError::Future
                | AcceptError::NotLive
                | AcceptError::NotMine
                | AcceptError::Old,
            )
            | Self::Parse(ParseError::Invalid(_) | ParseError::Payload(_)) => false,
        }
    }
}

impl Node {
    /// Serves one network's events until it stops.
    pub(crate) async fn serve(self, network: Arc<Network>, mut events: mpsc::Receiver<NetEvent>) {
        let mut places = Places::new();
        while let Some(event) = events.recv().await {
            match event {
                NetEvent::Request {
                    account,
                    frame,
                    node,
                    responder,
                } => {
                    let Some(place) = places.take(account) else {
                        responder.respond(wire::refusal(Refusal::Busy)).await;
                        continue;
                    };
                    let (this, network) = (self.clone(), network.clone());
                    self.spawn(async move {
                        this.answer(&network, account, node, &frame.bytes, responder)
                            .await;
                        drop((frame, place));
                    });
                }
                NetEvent::Connected {
                    account,
                    address,
                    inbound,
                    node,
                } => {
                    self.on_connected(&network, account, node, address, inbound);
                }
                NetEvent::Disconnected { account, node } => {
                    self.on_disconnected(&network, account, node);
                }
                NetEvent::Identified {
                    account,
                    addresses,
                    node,
                } => self.on_identified(&network, account, node, addresses),
                NetEvent::Listening => self.on_listening(&network),
                NetEvent::Routable => self.on_routable(&network),
            }
        }
    }

    async fn answer(
        &self,
        network: &Arc<Network>,
        account: AccountId,
        node: NodeId,
        frame: &[u8],
        responder: Responder,
    ) {
        self.0.config.hooks.passes(frame);
        let answer = match self.handle(network, account, node, frame).await {
            Ok((reply, to)) => self.seal_reply(network.id(), to, reply),
            Err(refusal) => {
                debug!(%node, %refusal, "Refused a request");
                wire::refusal(refusal)
            }
        };
        self.0.config.hooks.passes(&answer);
        responder.respond(answer).await;
    }

    async fn handle(
        &self,
        network: &Arc<Network>,
        account: AccountId,
        node: NodeId,
        frame: &[u8],
    ) -> Result<(Reply, AccountId), Refusal> {
        let envelope = self.accept(network, &node, frame).ok_or_else(|| {
            if Envelope::is_of_unknown_kind(frame) {
                // A later version says more; it should not go on saying it.
                Refusal::Unsupported
            } else {
                Refusal::Invalid
            }
        })?;
        let from = envelope.from;
        if from != account {
            return Err(Refusal::Invalid);
        }
        self.may_send(network, from, envelope.kind).await?;
        // A single node may have been cut off while its request waited.
        if !network.keeper().still_admits(&node) {
            return Err(Refusal::Invalid);
        }
        Ok((self.take_in(network, node, envelope, false).await?, from))
    }

    /// Takes an accepted envelope of `node`, whoever brought it, and returns the answer for it.
    pub(crate) async fn take_in(
        &self,
        network: &Network,
        node: NodeId,
        envelope: Accepted,
        is_kept: bool,
    ) -> Result<Reply, Refusal> {
        let from = envelope.from;
        self.may_send(network, from, envelope.kind).await?;
        // What is meant for one reader is taken from nobody in the open.
        if envelope.kind.is_sealed() {
            return Err(Refusal::Denied);
        }
        let (kind, body, store) = if envelope.kind == Kind::Sealed {
            let id = envelope.id;
            match sealed::open(self, network.id(), node, &envelope).await? {
                Opened::Inside(kind, body, store) => (kind, body, store),
                Opened::Lost(session) => {
                    return sealed::reset_body(self, network.id(), node, id, session);
                }
                Opened::Seen => return Ok(chat::receipt(id)),
            }
        } else {
            (envelope.kind, envelope.body.clone(), self.store().clone())
        };
        self.may_send(network, from, kind).await?;
        let arrival = Arrival {
            body,
            envelope,
            from,
            party: from.into(),
            network: network.id(),
            node,
            is_kept,
            store,
        };
        let reply = self.route(kind, &arrival).await?;
        arrival
            .store
            .finish_opening()
            .await
            .map_err(chat::not_now)?;
        Ok(reply)
    }

    /// Refuses what the rules do not allow `from` to send.
    async fn may_send(
        &self,
        network: &Network,
        from: AccountId,
        kind: Kind,
    ) -> Result<(), Refusal> {
        let state = self.standing(network.id(), from).await?;
        let verdict = network.keeper().rules().may_send(from, kind, state);
        verdict.map_err(|reason| {
            debug!(%from, %reason, ?kind, "The rules forbid this kind");
            Refusal::Denied
        })
    }

    async fn standing(&self, network: NetworkId, from: AccountId) -> Result<ContactState, Refusal> {
        if network != NetworkId::PUBLIC {
            return Ok(ContactState::Accepted);
        }
        contacts::state(self, network, from).await.map_err(|error| {
            warn!(%error, "Could not read a contact");
            Refusal::Busy
        })
    }

    async fn route(&self, kind: Kind, arrival: &Arrival) -> Result<Reply, Refusal> {
        match kind {
            Kind::Text => chat::on_text(self, arrival).await,
            Kind::Read => chat::on_read(self, arrival).await,
            Kind::React => chat::on_react(self, arrival).await,
            Kind::Edit => chat::on_edit(self, arrival).await,
            Kind::Delete => chat::on_delete(self, arrival).await,
            Kind::Gaps => chat::on_gaps(self, arrival).await,
            Kind::Typing => chat::on_typing(self, arrival).await,
            Kind::File => files::on_offer(self, arrival).await,
            Kind::FileEnd => files::on_end(self, arrival).await,
            Kind::FilePiece => files::on_piece(self, arrival).await,
            Kind::GroupOperations => groups::on_operations(self, arrival).await,
            Kind::GroupKeyed => groups::on_keyed(self, arrival).await,
            Kind::GroupMessage => groups::on_message(self, arrival).await,
            Kind::GroupAsk => groups::on_ask(self, arrival),
            Kind::OwnCopy => own::copies::on_copy(self, arrival).await,
            Kind::OwnNodes => own::on_own_nodes(self, arrival).await,
            Kind::ContactRequest => contacts::on_contact_request(self, arrival).await,
            Kind::ContactAnswer => contacts::on_contact_answer(self, arrival).await,
            Kind::Roster => networks::sync::on_roster(self, arrival).await,
            Kind::KeyRequest => sealed::on_key_request(self, arrival),
            Kind::DeviceRequest => devices::on_device_request(self, arrival).await,
            Kind::DeviceNotification => devices::on_device_notification(self, arrival).await,
            Kind::MailDeposit => mailbox::on_deposit(self, arrival).await,
            Kind::MailCollect => mailbox::on_collect(self, arrival).await,
            Kind::MailDone => mailbox::on_done(self, arrival).await,
            Kind::MailWaits => mailbox::on_waits(self, arrival),
            Kind::MailReceipt => mailbox::on_receipt(self, arrival).await,
            Kind::MailAsk => mailbox::on_ask(self, arrival).await,
            Kind::MailTerms => mailbox::on_terms(self, arrival).await,
            // Answers come as answers; the claim protocol has a swarm of its own.
            Kind::Receipt
            | Kind::Sealed
            | Kind::Keys
            | Kind::Reset
            | Kind::DeviceResponse
            | Kind::ClaimRequest
            | Kind::ClaimOffer
            | Kind::ClaimCommit
            | Kind::ClaimDone
            | Kind::MailDeposited
            | Kind::MailPage
            | Kind::GroupAnswer
            | Kind::LinkRequest
            | Kind::LinkAnswer => Err(Refusal::Unsupported),
        }
    }

    /// Verifies an envelope that `node` handed over on its own connection.
    fn accept(&self, network: &Network, node: &NodeId, bytes: &[u8]) -> Option<Accepted> {
        let certificate = network.keeper().certificate_of(node)?;
        self.verify(network, &certificate, bytes)
    }

    /// Verifies an envelope of the node that `certificate` is for.
    pub(crate) fn verify(
        &self,
        network: &Network,
        certificate: &Certificate,
        bytes: &[u8],
    ) -> Option<Accepted> {
        let me = self.me().account;
        let outcome = Unverified::<Envelope>::parse(bytes)
            .map_err(Unfit::from)
            .and_then(|envelope| Ok(envelope.verify(&network.id())?))
            .and_then(|envelope| Ok(envelope.accept(certificate, me, self.now())?));
        match outcome {
            Ok(accepted) => Some(accepted),
            Err(reason) => {
                debug!(node = %certificate.node(), %reason, "Refused an envelope");
                if reason.is_fault() {
                    network.keeper().note_unverifiable(&certificate.node());
                }
                None
            }
        }
    }

    fn seal_reply(&self, network: NetworkId, to: AccountId, reply: Reply) -> Vec<u8> {
        let now = self.now();
        let sealed = self.seal(network, to, reply.kind, message_id(now), now, reply.body);
        match sealed {
            Ok(envelope) => wire::answer(&envelope),
            Err(error) => {
                warn!(%error, "Could not seal an answer");
                wire::refusal(Refusal::Busy)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use streembit_identity::AccountKey;
    use zeroize::Zeroizing;

    use super::*;

    fn account(number: u16) -> AccountId {
        let mut seed = [7; 32];
        seed[..2].copy_from_slice(&number.to_be_bytes());
        AccountKey::from_seed(&Zeroizing::new(seed)).id()
    }

    #[test]
    fn nobody_takes_all_places() {
        let mut places = Places::new();
        let greedy: Vec<_> = (0..MAX_AT_ONCE)
            .map_while(|_| places.take(account(1)))
            .collect();

        assert_eq!(greedy.len(), MAX_OF_ONE);
        assert!(places.take(account(2)).is_some(), "others have theirs");
        drop(greedy);
        assert!(places.take(account(1)).is_some(), "and so has it, later");
    }

    #[test]
    fn passers_by_are_forgotten() {
        let mut places = Places::new();
        for number in 0..2_000 {
            drop(places.take(account(number)));
        }

        assert!(places.by_account.len() <= 2 * MAX_AT_ONCE + 1);
    }
}
