//! What mailboxes are asked and answer: one decoder for each kind, with its limits.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use streembit_delivery::mailbox::{self, Refusal, Token};
use streembit_identity::{AccountId, MessageId, NodeId, Timestamp};

use crate::sealed::Reset;

/// Copies named at once.
pub(crate) const MAX_NAMED: usize = 256;

/// The body of a deposit.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Deposit {
    /// Whom it is for.
    #[n(1)]
    pub(crate) to: AccountId,
    /// The node that can open it.
    #[n(2)]
    pub(crate) node: NodeId,
    /// The same when the same is left again.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub(crate) token: Token,
    /// What is to be kept: a covered letter.
    #[n(4)]
    pub(crate) copy: ByteVec,
}

/// The body of the answer to a deposit.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Deposited {
    /// What became of it.
    #[n(1)]
    pub(crate) outcome: Outcome,
    /// Until when it is kept.
    #[n(2)]
    pub(crate) until: Option<Timestamp>,
}

/// What became of a deposit.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(index_only)]
pub(crate) enum Outcome {
    /// It is kept.
    #[n(0)]
    Kept,
    /// There is no more room.
    #[n(1)]
    Full,
    /// Nothing is kept for its recipient.
    #[n(2)]
    Unknown,
    /// It is larger than any copy may be.
    #[n(3)]
    TooLarge,
    /// Nothing is kept from its depositor.
    #[n(4)]
    Denied,
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied => Self::Denied,
            Refusal::Full => Self::Full,
            Refusal::TooLarge => Self::TooLarge,
            Refusal::Unknown => Self::Unknown,
        }
    }
}

/// The body of a wish for what is kept.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Collect {
    /// The number of the last copy that is known already; 0 for none.
    #[n(1)]
    pub(crate) after: u64,
    /// The numbers of copies that are known and wanted later; none where there are none.
    #[n(2)]
    pub(crate) skip: Option<Vec<u64>>,
}

/// The body of a page of what is kept.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Page {
    /// Copies, in the order of their numbers.
    #[n(1)]
    pub(crate) copies: Vec<Numbered>,
    /// The number after which the next page begins, if there is one.
    #[n(2)]
    pub(crate) next: Option<u64>,
}

/// A copy with its number.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Numbered {
    /// The number.
    #[n(1)]
    pub(crate) number: u64,
    /// A covered letter.
    #[n(2)]
    pub(crate) copy: ByteVec,
}

/// The body of the word that copies need not be kept any longer.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Done {
    /// Their numbers.
    #[n(1)]
    pub(crate) numbers: Vec<u64>,
}

/// The body of a receipt for what was collected.
#[derive(Clone, Debug, Default, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct MailReceipt {
    /// The envelopes that are stored at their recipient.
    #[n(1)]
    pub(crate) stored: Vec<MessageId>,
    /// Those that could not be opened, and the sessions that are of no use.
    #[n(2)]
    pub(crate) lost: Vec<Reset>,
}

/// The body of a wish to be kept for.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Ask {
    /// The wish.
    #[n(1)]
    pub(crate) wish: Wish,
}

/// What an account wants of a mailbox.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(index_only)]
pub(crate) enum Wish {
    /// Only to hear the terms.
    #[n(0)]
    Tell,
    /// To be kept for.
    #[n(1)]
    Keep,
    /// To be kept for no longer.
    #[n(2)]
    End,
}

impl From<mailbox::Wish> for Wish {
    fn from(wish: mailbox::Wish) -> Self {
        match wish {
            mailbox::Wish::Tell => Self::Tell,
            mailbox::Wish::Keep => Self::Keep,
            mailbox::Wish::End => Self::End,
        }
    }
}

/// The body of a mailbox's word on how it stands with an account.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Terms {
    /// The terms.
    #[n(1)]
    pub(crate) terms: Standing,
}

/// How a mailbox stands with an account.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(index_only)]
pub(crate) enum Standing {
    /// It keeps nothing.
    #[n(0)]
    None,
    /// It would, if it were asked.
    #[n(1)]
    Offered,
    /// Its owner has to decide.
    #[n(2)]
    Asked,
    /// It keeps.
    #[n(3)]
    Agreed,
    /// It has no room for anybody else.
    #[n(4)]
    Full,
}

impl From<Option<mailbox::Terms>> for Standing {
    fn from(terms: Option<mailbox::Terms>) -> Self {
        match terms {
            None => Self::None,
            Some(mailbox::Terms::Offered) => Self::Offered,
            Some(mailbox::Terms::Asked) => Self::Asked,
            Some(mailbox::Terms::Agreed) => Self::Agreed,
        }
    }
}

impl Standing {
    /// The terms that it means.
    pub(crate) fn terms(self) -> Option<mailbox::Terms> {
        match self {
            Self::None | Self::Full => None,
            Self::Offered => Some(mailbox::Terms::Offered),
            Self::Asked => Some(mailbox::Terms::Asked),
            Self::Agreed => Some(mailbox::Terms::Agreed),
        }
    }
}

/// What lies inside a cover: an envelope, and the certificate of the node that signed it.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Letter {
    /// The certificate.
    #[n(1)]
    pub(crate) certificate: ByteVec,
    /// The envelope.
    #[n(2)]
    pub(crate) envelope: ByteVec,
}
