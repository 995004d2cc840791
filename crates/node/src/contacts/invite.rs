//! What an invite link is and would do, before anything is done.

use streembit_gate::ContactState;
use streembit_identity::{
    AccountId, Certificate, Name, NetworkId, NodeId, Timestamp, fingerprint, link::ContactInvite,
};
use streembit_store::StoreError;

use super::state;
use crate::node::Node;

/// An invite as it is shown before it is accepted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InviteView {
    /// Where the inviting node listens.
    pub addresses: Vec<String>,
    /// What accepting would do, in a sentence.
    pub effect: String,
    /// When it stops being good.
    pub expires: Timestamp,
    /// The fingerprint of the account, in groups.
    pub fingerprint: String,
    /// Whether it has expired.
    pub is_expired: bool,
    /// Whether it is an invite of this account.
    pub is_own: bool,
    /// What the account calls itself.
    pub name: Name,
    /// The inviting node.
    pub node: Option<NodeId>,
    /// The account.
    pub peer: AccountId,
    /// How it stands to this account now.
    pub state: ContactState,
}

impl Node {
    /// Says what an invite is and would do; changes nothing.
    ///
    /// # Errors
    /// When the contacts cannot be read.
    pub async fn invite_inspect(&self, invite: &ContactInvite) -> Result<InviteView, StoreError> {
        let peer = invite.account;
        let state = state(self, NetworkId::PUBLIC, peer).await?;
        let is_own = peer == self.me().account;
        let is_expired = !invite.is_live(self.now());
        Ok(InviteView {
            addresses: invite.addresses.clone(),
            effect: effect(&invite.name, state, is_own, is_expired),
            expires: invite.expires,
            fingerprint: fingerprint(peer),
            is_expired,
            is_own,
            name: invite.name.clone(),
            node: Certificate::parse(&invite.certificate)
                .ok()
                .map(|certificate| certificate.node()),
            peer,
            state,
        })
    }
}

fn effect(name: &Name, state: ContactState, is_own: bool, is_expired: bool) -> String {
    if is_own {
        return "This is an invite of your own: give it to someone else.".to_owned();
    }
    if is_expired {
        return format!("This invite has expired: ask {name} for a new one.");
    }
    match state {
        ContactState::None | ContactState::Requested => {
            format!("{name} becomes your contact, and both of you can write.")
        }
        ContactState::Incoming => format!("You accept the request of {name}."),
        ContactState::Accepted => format!("{name} is your contact already."),
        ContactState::Blocked => format!("You have blocked {name}: unblock first."),
    }
}
