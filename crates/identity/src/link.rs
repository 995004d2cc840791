//! Links that people hand to each other: invites, ways into networks, claims and seeds.
//!
//! A link is one line of text, `streembit:<kind>/<base64url>`, limited before it is decoded.

mod claim;
mod invite;
mod join;
mod network;
mod node;
mod seed;

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use minicbor::{Decode, Encode};
use thiserror::Error;
use zeroize::Zeroizing;

pub use self::claim::ClaimLink;
pub use self::invite::ContactInvite;
pub use self::join::{Invited, JoinLink};
pub use self::network::NetworkLink;
pub use self::node::NodeLink;
pub use self::seed::SeedLink;
use crate::{ParseError, SignatureError, Verified};

/// Longest link, in characters.
pub const MAX_LINK_LEN: usize = 4_096;

/// What every link begins with.
pub const SCHEME: &str = "streembit:";

/// A link, read and, where it is signed, verified.
#[derive(Clone, Debug)]
pub enum Link {
    /// Claims a host of things.
    Claim(ClaimLink),
    /// Invites to become a contact.
    Invite(Box<Verified<ContactInvite>>),
    /// Leads into a private network for whoever holds it, once.
    Join(Box<JoinLink>),
    /// Leads into a private network for those who were added.
    Network(NetworkLink),
    /// Links another installation of the same account.
    Node(NodeLink),
    /// Names a node to begin with.
    Seed(SeedLink),
}

/// Why a text is not a link.
#[derive(Debug, Error)]
pub enum LinkError {
    /// It was changed, or cut while copying.
    #[error("the link is damaged: copy it again, from beginning to end")]
    Damaged,
    /// It breaks a rule of its kind.
    #[error("the link is invalid: {0}")]
    Invalid(&'static str),
    /// A kind of a later version, or of no version.
    #[error("this version knows no such link")]
    Kind,
    /// Above the limit.
    #[error("the text is too long for a link")]
    Long,
    /// Not a link of ours.
    #[error("a link begins with \"streembit:\"")]
    Scheme,
    /// Its signer did not sign it.
    #[error("the link is not signed by whom it names")]
    Signature(#[from] SignatureError),
    /// The signed part cannot be read.
    #[error("the link is damaged: {0}")]
    Signed(#[from] ParseError),
}

impl Link {
    /// Reads a link as it was pasted, scanned or clicked.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the text, in words for the person who pasted it.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.len() > MAX_LINK_LEN {
            return Err(LinkError::Long);
        }
        let rest = text.strip_prefix(SCHEME).ok_or(LinkError::Scheme)?;
        let (kind, code) = rest.split_once('/').ok_or(LinkError::Kind)?;
        let read = match kind {
            "invite" => |bytes: &[u8]| invite::open(bytes).map(Box::new).map(Self::Invite),
            "join" => |bytes: &[u8]| plain(bytes, JoinLink::check).map(Box::new).map(Self::Join),
            "network" => |bytes: &[u8]| plain(bytes, NetworkLink::check).map(Self::Network),
            "claim" => |bytes: &[u8]| plain(bytes, ClaimLink::check).map(Self::Claim),
            "node" => |bytes: &[u8]| plain(bytes, NodeLink::check).map(Self::Node),
            "seed" => |bytes: &[u8]| plain(bytes, SeedLink::check).map(Self::Seed),
            _ => return Err(LinkError::Kind),
        };
        let bytes = BASE64URL_NOPAD
            .decode(code.as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| LinkError::Damaged)?;
        read(&bytes)
    }
}

impl FromStr for Link {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        Self::parse(text)
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, bytes) = match self {
            Self::Claim(link) => ("claim", encode(link)),
            Self::Invite(invite) => ("invite", Zeroizing::new(invite.bytes().to_vec())),
            Self::Join(link) => ("join", encode(link)),
            Self::Network(link) => ("network", encode(link)),
            Self::Node(link) => ("node", encode(link)),
            Self::Seed(link) => ("seed", encode(link)),
        };
        write!(f, "{SCHEME}{kind}/{}", BASE64URL_NOPAD.encode(&bytes))
    }
}

/// Reads an unsigned link, in its one encoding.
fn plain<T>(bytes: &[u8], check: fn(&T) -> Result<(), &'static str>) -> Result<T, LinkError>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    let link: T = minicbor::decode(bytes).map_err(|_| LinkError::Damaged)?;
    if *encode(&link) != bytes {
        return Err(LinkError::Damaged);
    }
    check(&link).map_err(LinkError::Invalid)?;
    Ok(link)
}

/// Writes a link; writing to memory cannot fail.
fn encode<T: Encode<()>>(link: &T) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(minicbor::to_vec(link).unwrap_or_default())
}
