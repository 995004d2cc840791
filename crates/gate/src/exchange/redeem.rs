//! One-time invites at the door: somebody shows one, and the node that made it decides.

use streembit_identity::{
    AccountId, AccountKey, Certificate, InviteId, InviteKey, Name, NetworkId, NodeId, Redemption,
    SealError, Timestamp, Unverified, seal,
};

use super::frame::{self, Frame, Redeem};
use super::{Action, Exchange, Local, State};
use crate::RefusalReason;

/// What a dialer shows instead of greeting: who uses an invite, signed by both keys.
#[derive(Clone, Debug)]
pub struct Ticket {
    by_invite: Vec<u8>,
    by_account: Vec<u8>,
}

/// Somebody at the door with an invite: everything about it is verified but the invite itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Redeeming {
    /// The invite, whose key has signed.
    pub invite: InviteId,
    /// Who wants to come in.
    pub account: AccountId,
    /// Its node, which the transport proved.
    pub node: NodeId,
    /// What it calls itself.
    pub name: Name,
}

impl Ticket {
    /// Signs who uses the invite.
    ///
    /// # Errors
    ///
    /// Fails only if the redemption cannot be encoded.
    pub fn sign(
        redemption: &Redemption,
        network: &NetworkId,
        invite: &InviteKey,
        account: &AccountKey,
    ) -> Result<Self, SealError> {
        Ok(Self {
            by_invite: seal(redemption, network, invite)?,
            by_account: seal(redemption, network, account)?,
        })
    }
}

impl Exchange {
    /// Begins the exchange on a connection that this node opened to use an invite.
    pub fn redeemer(local: Local, ticket: Ticket) -> Self {
        Self {
            state: State::Bearing(Box::new(ticket)),
            ..Self::dialer(local)
        }
    }

    /// Takes what the node decided on the invite, and returns what to do.
    pub fn redeemed(&mut self, outcome: Result<(), RefusalReason>) -> Vec<Action> {
        if !matches!(self.state, State::Deciding) {
            return Vec::new();
        }
        match outcome {
            Ok(()) => self.let_go(),
            Err(reason) => self.refuse(reason),
        }
    }

    pub(super) fn present(&mut self, ticket: Ticket) -> Frame {
        self.state = State::Redeeming;
        Frame::Redeem(Redeem {
            version: frame::VERSION,
            network: self.local.network,
            certificate: self.local.certificate.clone(),
            by_invite: ticket.by_invite,
            by_account: ticket.by_account,
        })
    }

    /// Checks everything about an invite's bearer that does not depend on the invite: whatever is
    /// wrong there tells nothing about which invites there are.
    pub(super) fn on_redeem(
        &mut self,
        redeem: &Redeem,
        now: Timestamp,
    ) -> Result<Vec<Action>, RefusalReason> {
        let certificate = self.identify(redeem.network, &redeem.certificate)?;
        let redeeming = open(redeem, &certificate)?;
        if self.local.ledger.is_none() {
            return Err(RefusalReason::NotListed);
        }
        match self.local.rules.admit(&certificate, now) {
            // Whoever is listed already uses nothing up.
            Ok(_) => return Ok(self.let_go()),
            Err(RefusalReason::NotListed) if certificate.is_live(now) => {}
            Err(RefusalReason::NotListed) => return Err(RefusalReason::Expired),
            Err(reason) => return Err(reason),
        }
        self.state = State::Deciding;
        Ok(vec![Action::Redeem(Box::new(redeeming))])
    }

    fn let_go(&mut self) -> Vec<Action> {
        self.state = State::Over;
        vec![Action::Send(Frame::Redeemed.to_bytes()), Action::Redeemed]
    }
}

/// Reads what both keys signed: the same words, by the invite that they name and by the account of
/// the certificate, for its node.
fn open(redeem: &Redeem, certificate: &Certificate) -> Result<Redeeming, RefusalReason> {
    let read = |bytes: &[u8]| {
        let redemption = Unverified::<Redemption>::parse(bytes);
        let redemption = redemption.map_err(|_| RefusalReason::BadFrame)?;
        let verified = redemption.verify(&redeem.network);
        verified.map_err(|_| RefusalReason::BadCertificate)
    };
    let by_invite = read(&redeem.by_invite)?;
    let by_account = read(&redeem.by_account)?;
    let is_one = *by_invite == *by_account
        && by_invite.invite == by_invite.signer()
        && by_account.account == by_account.signer()
        && by_account.account == certificate.account()
        && by_account.node == certificate.node();
    if !is_one {
        return Err(RefusalReason::BadCertificate);
    }
    Ok(Redeeming {
        invite: by_invite.invite,
        account: by_invite.account,
        node: by_invite.node,
        name: by_invite.name.clone(),
    })
}
