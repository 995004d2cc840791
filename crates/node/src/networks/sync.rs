//! Floods membership among connected members: whoever learns something new passes it on.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use minicbor::{Decode, Encode, bytes::ByteVec};
use streembit_gate::{Ledger, Operation};
use streembit_identity::{AccountId, Envelope, Kind, NodeCertificate, NodeId, Unverified};
use tracing::{debug, warn};

use super::Network;
use crate::{
    ask::AskError,
    contacts,
    dispatch::{Arrival, Reply},
    event::Event,
    net::keeper::Learning,
    node::{Node, message_id},
    own,
    wire::Refusal,
};

/// How long a member may take to confirm.
const DEADLINE: Duration = Duration::from_secs(10);
/// After how long a member that did not take the news is told again.
const RETRIES: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
];
/// Most operations, and most certificates, in one message.
const MAX_ITEMS: usize = 4_096;
/// Room for the length of one item.
const ITEM_MARGIN: usize = 5;
/// Room for everything in a message that is not an item, a statement included.
const PIECE_MARGIN: usize = 2_048;

#[derive(Decode, Encode)]
#[cbor(map)]
struct Wire {
    #[n(0)]
    operations: Vec<ByteVec>,
    #[n(1)]
    certificates: Vec<ByteVec>,
    #[n(2)]
    revocations: Vec<ByteVec>,
    #[n(3)]
    statement: Option<ByteVec>,
}

impl Learning {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let wrap = |list: &[Vec<u8>]| list.iter().cloned().map(ByteVec::from).collect();
        let wire = Wire {
            operations: wrap(&self.operations),
            certificates: wrap(&self.certificates),
            revocations: wrap(&self.revocations),
            statement: self.statement.clone().map(ByteVec::from),
        };
        // Encoding to memory has no way to fail.
        minicbor::to_vec(&wire).unwrap_or_default()
    }

    /// Writes it in as many messages as it takes, each of which can be taken in on its own.
    ///
    /// Operations come in their order; the statement, which builds on all of them, comes last.
    fn pieces(&self) -> Vec<Vec<u8>> {
        let (mut pieces, mut piece, mut bytes) = (Vec::new(), Self::default(), 0);
        let mut room_for = |piece: &mut Self, item: &[u8]| {
            if bytes + item.len() + ITEM_MARGIN > Envelope::MAX_BODY - PIECE_MARGIN {
                pieces.push(std::mem::take(piece).encode());
                bytes = 0;
            }
            bytes += item.len() + ITEM_MARGIN;
        };
        for item in &self.operations {
            room_for(&mut piece, item);
            piece.operations.push(item.clone());
        }
        for item in &self.certificates {
            room_for(&mut piece, item);
            piece.certificates.push(item.clone());
        }
        for item in &self.revocations {
            room_for(&mut piece, item);
            piece.revocations.push(item.clone());
        }
        piece.statement.clone_from(&self.statement);
        pieces.push(piece.encode());
        pieces
    }

    /// Returns the accounts that it says something about.
    fn concerned(&self) -> BTreeSet<AccountId> {
        let operations = self.operations.iter().filter_map(|bytes| {
            let operation = Unverified::<Operation>::parse(bytes).ok()?;
            let author = AccountId::from(operation.signer());
            operation.peek().action.concerns(author)
        });
        let certified = self.certificates.iter().filter_map(|bytes| {
            let certificate = Unverified::<NodeCertificate>::parse(bytes).ok()?;
            Some(AccountId::from(certificate.signer()))
        });
        operations.chain(certified).collect()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > Envelope::MAX_BODY {
            return None;
        }
        let wire: Wire = minicbor::decode(bytes).ok()?;
        let items = [&wire.operations, &wire.certificates, &wire.revocations];
        if items.iter().any(|list| list.len() > MAX_ITEMS) {
            return None;
        }
        let unwrap = |list: Vec<ByteVec>| list.into_iter().map(Vec::from).collect();
        let told = Self {
            operations: unwrap(wire.operations),
            certificates: unwrap(wire.certificates),
            revocations: unwrap(wire.revocations),
            statement: wire.statement.map(Vec::from),
        };
        (told.encode() == bytes).then_some(told)
    }
}

/// A member tells what it has learned; the answer confirms that it is in force here.
pub(crate) async fn on_roster(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let network = node.network(&arrival.network).ok_or(Refusal::Unsupported)?;
    let told = Learning::decode(&arrival.envelope.body).ok_or(Refusal::Invalid)?;
    let operations = told.operations.clone();
    let learned = network.keeper().learn(told).await;
    if let Err(error) = learned {
        warn!(%error, "Could not keep what a member told");
        return Err(Refusal::Busy);
    }
    // News may overtake each other: what builds on something that is still on its way comes again.
    let ledger = network.ledger().ok_or(Refusal::Unsupported)?;
    if !holds(&ledger, &operations) {
        return Err(Refusal::Busy);
    }
    Ok(Reply {
        kind: Kind::Roster,
        body: Learning::default().encode(),
    })
}

/// Whether all of these operations are in force here.
fn holds(ledger: &Ledger, operations: &[Vec<u8>]) -> bool {
    let known: BTreeSet<&[u8]> = match operations {
        [] => return true,
        _ => ledger
            .operations()
            .map(|(_, known)| known.bytes())
            .collect(),
    };
    operations
        .iter()
        .all(|told| known.contains(told.as_slice()))
}

impl Node {
    /// Passes on what was new here, wakes the connections and tells the app.
    pub(crate) async fn on_learned(&self, network: &Arc<Network>, news: Learning) {
        if network.has_member(&self.me().account) {
            // The wait, if there was one, is over.
            if let Err(error) = self.store().set_network_joined(network.id()).await {
                warn!(%error, "Could not note that the network was joined");
            }
        }
        network.wake();
        network.confirmed.notify_one();
        self.emit(Event::Network {
            network: network.id(),
        });
        let concerned = news.concerned();
        for peer in &concerned {
            own::note_computers(self, network.id(), *peer).await;
            self.emit(Event::Member {
                network: network.id(),
                peer: *peer,
            });
        }
        if !concerned.is_empty() {
            contacts::on_members_changed(self, network.id(), &concerned);
        }
        let pieces: Arc<[Vec<u8>]> = news.pieces().into();
        for link in network.net().peers() {
            self.tell_roster(network, link.node, link.account, pieces.clone());
        }
    }

    fn tell_roster(
        &self,
        network: &Arc<Network>,
        node: NodeId,
        account: AccountId,
        pieces: Arc<[Vec<u8>]>,
    ) {
        let (this, network) = (self.clone(), network.clone());
        self.spawn(async move {
            for piece in pieces.iter() {
                if !this.tell_piece(&network, node, account, piece).await {
                    return;
                }
            }
        });
    }

    /// Tells one piece until it is taken; whoever is gone is brought up to date by the exchange when
    /// it comes back.
    async fn tell_piece(
        &self,
        network: &Network,
        node: NodeId,
        account: AccountId,
        piece: &[u8],
    ) -> bool {
        let mut waits = RETRIES.into_iter();
        while let Err(error) = self.hand_roster(network, node, account, piece).await {
            debug!(%node, %error, "A member did not take the news");
            let Some(wait) = waits.next() else {
                return false;
            };
            tokio::time::sleep(wait).await;
            if !network.net().peers().iter().any(|link| link.node == node) {
                return false;
            }
        }
        true
    }

    async fn hand_roster(
        &self,
        network: &Network,
        node: NodeId,
        account: AccountId,
        body: &[u8],
    ) -> Result<(), AskError> {
        let (id, now) = (network.id(), self.now());
        let kind = Kind::Roster;
        let envelope = self.seal(id, account, kind, message_id(now), now, body.to_vec())?;
        self.hand_over(id, node, envelope, DEADLINE).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rosters_survive_the_wire_and_nothing_else_does() {
        let told = Learning {
            operations: vec![vec![1, 2]],
            certificates: vec![vec![3]],
            revocations: Vec::new(),
            statement: Some(vec![4]),
        };
        let bytes = told.encode();

        let back = Learning::decode(&bytes).expect("our own encoding");

        assert_eq!(back.operations, told.operations);
        assert_eq!(back.certificates, told.certificates);
        assert_eq!(back.statement, told.statement);
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(
            Learning::decode(&longer).is_none(),
            "trailing bytes are refused"
        );
        assert!(
            Learning::decode(&bytes[..bytes.len() - 1]).is_none(),
            "truncation is refused"
        );
    }

    #[test]
    fn what_is_too_long_for_one_message_comes_in_several_in_its_order() {
        let operation = |number: u32| number.to_be_bytes().repeat(64);
        let told = Learning {
            operations: (0..6_000).map(operation).collect(),
            certificates: vec![vec![3]],
            revocations: vec![vec![4]],
            statement: Some(vec![5; 1_000]),
        };

        let pieces = told.pieces();

        assert!(pieces.len() > 3);
        let read = |piece: &Vec<u8>| Learning::decode(piece).expect("a message of its own");
        let read: Vec<Learning> = pieces.iter().map(read).collect();
        let operations: Vec<_> = read.iter().flat_map(|it| it.operations.clone()).collect();
        assert_eq!(operations, told.operations);
        let last = read.last().expect("a last one");
        assert_eq!(
            (&last.certificates, &last.revocations),
            (&told.certificates, &told.revocations)
        );
        assert_eq!(last.statement, told.statement);
        assert!(read.iter().filter(|it| it.statement.is_some()).count() == 1);
    }

    #[test]
    fn more_than_an_envelope_holds_is_refused_unread() {
        let told = |length| Learning {
            operations: vec![vec![0; length]],
            ..Learning::default()
        };
        let frame = told(70_000).encode().len() - 70_000;

        let fits = told(Envelope::MAX_BODY - frame).encode();
        let exceeds = told(Envelope::MAX_BODY - frame + 1).encode();

        assert!(Learning::decode(&fits).is_some());
        assert!(Learning::decode(&exceeds).is_none());
    }
}
