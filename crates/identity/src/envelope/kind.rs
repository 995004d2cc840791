//! The kinds of messages and which of them outlive a connection.

use minicbor::{Decode, Encode};

/// What an envelope carries.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(index_only)]
pub enum Kind {
    /// Text of a conversation.
    #[n(1)]
    Text = 1,
    /// The recipient's word on what became of messages.
    #[n(2)]
    Receipt = 2,
    /// The wish to become a contact.
    #[n(3)]
    ContactRequest = 3,
    /// The answer to that wish.
    #[n(4)]
    ContactAnswer = 4,
    /// Operations and certificates of a private network.
    #[n(5)]
    Roster = 5,
    /// How far a conversation was read.
    #[n(6)]
    Read = 6,
    /// Something that only the addressed node can read; what it is stands inside.
    #[n(7)]
    Sealed = 7,
    /// The wish to encrypt for the asked node.
    #[n(8)]
    KeyRequest = 8,
    /// The keys to do that with.
    #[n(9)]
    Keys = 9,
    /// An operation on a thing.
    #[n(10)]
    DeviceRequest = 10,
    /// The answer to an operation.
    #[n(11)]
    DeviceResponse = 11,
    /// A change or an event of a thing.
    #[n(12)]
    DeviceNotification = 12,
    /// The answer to what could not be opened: a new session is needed.
    #[n(13)]
    Reset = 13,
    /// The wish to claim a host.
    #[n(20)]
    ClaimRequest = 20,
    /// The host's terms.
    #[n(21)]
    ClaimOffer = 21,
    /// The claimer's decision.
    #[n(22)]
    ClaimCommit = 22,
    /// The host's confirmation.
    #[n(23)]
    ClaimDone = 23,
    /// A reaction to a message.
    #[n(30)]
    React = 30,
    /// Another text for a message.
    #[n(31)]
    Edit = 31,
    /// A message that is to be deleted.
    #[n(32)]
    Delete = 32,
    /// The sender is writing, or has stopped to.
    #[n(33)]
    Typing = 33,
    /// Texts that are missing: asked for, or not there any more.
    #[n(40)]
    Gaps = 40,
    /// Something to keep for somebody.
    #[n(41)]
    MailDeposit = 41,
    /// What became of it.
    #[n(42)]
    MailDeposited = 42,
    /// The wish for what is kept for the asking node.
    #[n(43)]
    MailCollect = 43,
    /// Some of what is kept.
    #[n(44)]
    MailPage = 44,
    /// What is to be kept no longer.
    #[n(45)]
    MailDone = 45,
    /// The news that something is kept.
    #[n(46)]
    MailWaits = 46,
    /// The wish to be kept for.
    #[n(47)]
    MailAsk = 47,
    /// The answer to that wish.
    #[n(48)]
    MailTerms = 48,
    /// The recipient's word on what became of what it collected.
    #[n(49)]
    MailReceipt = 49,
    /// A file that is offered.
    #[n(50)]
    File = 50,
    /// What became of an offered file, by the word of either side.
    #[n(51)]
    FileEnd = 51,
    /// A group of a small file, for a recipient who is away.
    #[n(52)]
    FilePiece = 52,
    /// What the sender's other node has said or heard in a conversation.
    #[n(60)]
    OwnCopy = 60,
    /// The certificates and revocations of the sender's nodes.
    #[n(61)]
    OwnNodes = 61,
    /// What a new installation asks the one that it is linked by.
    #[n(62)]
    LinkRequest = 62,
    /// The answer to that.
    #[n(63)]
    LinkAnswer = 63,
    /// Signed changes of a group.
    #[n(70)]
    GroupOperations = 70,
    /// The key of the session that a node writes to a group in, with what it writes first.
    #[n(71)]
    GroupKeyed = 71,
    /// Something that only the members of a group can read; what it is stands inside.
    #[n(72)]
    GroupMessage = 72,
    /// The wish for the changes of a group that the asking node lacks.
    #[n(73)]
    GroupAsk = 73,
    /// Those changes.
    #[n(74)]
    GroupAnswer = 74,
}

impl Kind {
    /// Returns the kind with this number.
    pub fn from_number(number: u16) -> Option<Self> {
        let encoded = minicbor::to_vec(number).ok()?;
        minicbor::decode(&encoded).ok()
    }

    /// Returns whether it travels inside a sealed envelope and is refused outside of one.
    pub const fn is_sealed(self) -> bool {
        match self {
            Self::Text
            | Self::Read
            | Self::React
            | Self::Edit
            | Self::Delete
            | Self::File
            | Self::FileEnd
            | Self::FilePiece
            | Self::Gaps
            | Self::OwnCopy
            | Self::GroupOperations
            | Self::GroupKeyed => true,
            Self::Receipt
            | Self::ContactRequest
            | Self::ContactAnswer
            | Self::Roster
            | Self::Sealed
            | Self::KeyRequest
            | Self::Keys
            | Self::DeviceRequest
            | Self::DeviceResponse
            | Self::DeviceNotification
            | Self::Reset
            | Self::ClaimRequest
            | Self::ClaimOffer
            | Self::ClaimCommit
            | Self::ClaimDone
            | Self::Typing
            | Self::MailDeposit
            | Self::MailDeposited
            | Self::MailCollect
            | Self::MailPage
            | Self::MailDone
            | Self::MailWaits
            | Self::MailAsk
            | Self::MailTerms
            | Self::MailReceipt
            | Self::OwnNodes
            | Self::LinkRequest
            | Self::LinkAnswer
            | Self::GroupMessage
            | Self::GroupAsk
            | Self::GroupAnswer => false,
        }
    }

    /// Returns whether it means something only now, so that it carries an expiry.
    ///
    /// All others may wait for days and are deduplicated by (from, id).
    pub const fn is_request(self) -> bool {
        match self {
            Self::Text
            | Self::Receipt
            | Self::ContactRequest
            | Self::ContactAnswer
            | Self::Read
            | Self::React
            | Self::Edit
            | Self::Delete
            | Self::File
            | Self::FileEnd
            | Self::FilePiece
            | Self::Sealed
            | Self::MailReceipt
            | Self::Gaps
            | Self::OwnCopy
            | Self::OwnNodes
            | Self::GroupOperations
            | Self::GroupKeyed
            | Self::GroupMessage => false,
            Self::Roster
            | Self::KeyRequest
            | Self::Keys
            | Self::Reset
            | Self::DeviceRequest
            | Self::DeviceResponse
            | Self::DeviceNotification
            | Self::ClaimRequest
            | Self::ClaimOffer
            | Self::ClaimCommit
            | Self::ClaimDone
            | Self::Typing
            | Self::MailDeposit
            | Self::MailDeposited
            | Self::MailCollect
            | Self::MailPage
            | Self::MailDone
            | Self::MailWaits
            | Self::MailAsk
            | Self::MailTerms
            | Self::LinkRequest
            | Self::LinkAnswer
            | Self::GroupAsk
            | Self::GroupAnswer => true,
        }
    }
}
