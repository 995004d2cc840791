//! What lies in the stored outbox, as far as the courier needs to know it.

use streembit_delivery::{Destination, Item, Mail, Pace, State};
use streembit_identity::{Envelope, Kind, MessageId, Timestamp};
use streembit_store::{OutboxEntry, OutboxItem};

/// The kinds that lie in the outbox.
const CARRIED: [Kind; 17] = [
    Kind::Text,
    Kind::ContactRequest,
    Kind::ContactAnswer,
    Kind::Read,
    Kind::React,
    Kind::Edit,
    Kind::Delete,
    Kind::Gaps,
    Kind::MailReceipt,
    Kind::File,
    Kind::FileEnd,
    Kind::FilePiece,
    Kind::OwnCopy,
    Kind::OwnNodes,
    Kind::GroupOperations,
    Kind::GroupKeyed,
    Kind::GroupMessage,
];

/// Something that lies in the stored outbox.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parcel {
    /// Its id.
    pub(super) id: MessageId,
    /// What it is.
    pub(super) kind: Kind,
    /// When it was stored.
    queued_at: Timestamp,
    /// Where it goes.
    pub(super) to: Destination,
    /// Until when a mailbox keeps it.
    kept_until: Option<Timestamp>,
}

impl Parcel {
    /// What is to be carried of an item that was just stored: one for each node, and nothing of what
    /// is not carried.
    pub(super) fn of(item: &OutboxItem) -> Vec<Self> {
        let Some(kind) = kind(item.kind) else {
            return Vec::new();
        };
        let parcel = |to| Self {
            id: item.id,
            kind,
            queued_at: item.queued_at,
            to,
            kept_until: None,
        };
        let mut all: Vec<Self> = item.copy.as_deref().map(Self::of).unwrap_or_default();
        if item.nodes.is_empty() {
            all.push(parcel(Destination::any(item.peer)));
        }
        let nodes = item.nodes.iter();
        all.extend(nodes.map(|node| parcel(Destination::at(item.peer, *node))));
        all
    }

    /// What is to be carried of what waited when the node stopped.
    pub(super) fn stored(entry: &OutboxEntry) -> Option<Self> {
        Some(Self {
            id: entry.id,
            kind: kind(entry.kind)?,
            queued_at: entry.queued_at,
            to: Destination {
                account: entry.peer,
                node: entry.node,
            },
            kept_until: entry.kept_until,
        })
    }

    /// The item that the outbox moves on, at its place in the queue.
    pub(super) fn item(&self, order: u64, state: State) -> Item {
        Item {
            id: self.id,
            to: self.to,
            order,
            state,
            pace: pace(self.kind),
            until: self.queued_at.plus(Envelope::MAX_AGE),
            mail: self.mail(),
        }
    }

    /// What is sealed, mailboxes may keep, and what makes two people contacts, which a cover seals;
    /// and receipts for what they kept.
    fn mail(&self) -> Mail {
        let is_first_word = matches!(self.kind, Kind::ContactRequest | Kind::ContactAnswer);
        let is_of_group = self.kind == Kind::GroupMessage;
        if self.kind.is_sealed() || is_first_word || is_of_group {
            Mail::Copy(self.kept_until)
        } else if self.kind == Kind::MailReceipt {
            Mail::Instead
        } else {
            Mail::Never
        }
    }
}

fn kind(number: u16) -> Option<Kind> {
    CARRIED.into_iter().find(|kind| *kind as u16 == number)
}

/// Texts after the answer to a contact request depend on it, and those to a group on its members and
/// keys; nothing depends on a text.
fn pace(kind: Kind) -> Pace {
    match kind {
        Kind::ContactRequest | Kind::ContactAnswer | Kind::GroupOperations | Kind::GroupKeyed => {
            Pace::Alone
        }
        Kind::Text
        | Kind::Receipt
        | Kind::Roster
        | Kind::Read
        | Kind::React
        | Kind::Edit
        | Kind::Delete
        | Kind::Gaps
        | Kind::File
        | Kind::FileEnd
        | Kind::FilePiece
        | Kind::Typing
        | Kind::Sealed
        | Kind::KeyRequest
        | Kind::Keys
        | Kind::Reset
        | Kind::DeviceRequest
        | Kind::DeviceResponse
        | Kind::DeviceNotification
        | Kind::ClaimRequest
        | Kind::ClaimOffer
        | Kind::ClaimCommit
        | Kind::ClaimDone
        | Kind::MailDeposit
        | Kind::MailDeposited
        | Kind::MailCollect
        | Kind::MailPage
        | Kind::MailDone
        | Kind::MailWaits
        | Kind::MailAsk
        | Kind::MailTerms
        | Kind::MailReceipt
        | Kind::OwnCopy
        | Kind::OwnNodes
        | Kind::LinkRequest
        | Kind::LinkAnswer
        | Kind::GroupMessage
        | Kind::GroupAsk
        | Kind::GroupAnswer => Pace::Together,
    }
}
