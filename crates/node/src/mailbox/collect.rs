//! Collecting what is kept for this node: stored first, then signed for, and only then given up.

use std::{collections::BTreeMap, time::Duration};

use streembit_identity::{AccountId, Kind, NetworkId, NodeId};
use tracing::{debug, info};

use super::{
    body::{Collect, Done, MailReceipt, Numbered, Page},
    is_keeper,
    letter::{self, Unfit},
    receipt,
};
use crate::{
    ask::AskError,
    chat::body::{Receipt, decode, encode},
    dispatch::{Arrival, Reply},
    networks::Network,
    node::{Node, message_id},
    sealed::Reset,
    wire::Refusal,
};

/// How long a mailbox may take to answer.
const ANSWER: Duration = Duration::from_secs(30);
/// Pauses before what could not be taken is asked for again, in seconds; the last one repeats.
const PAUSES: [u64; 5] = [2, 10, 60, 300, 600];

/// What becomes of a copy.
enum Taken {
    /// It is stored, or is of no use to anybody: the mailbox need not keep it.
    Done,
    /// It is to be kept for a while.
    Later,
}

/// What is to be said to senders, by account.
type Said = BTreeMap<AccountId, MailReceipt>;

/// Takes the news that something waits.
pub(crate) fn on_waits(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    if !arrival.body.is_empty() {
        return Err(Refusal::Invalid);
    }
    let is_mailbox = node
        .network(&arrival.network)
        .is_some_and(|live| is_keeper(node, &live, arrival.from, arrival.node));
    if !is_mailbox {
        return Err(Refusal::Denied);
    }
    begin(node, arrival.network, arrival.node);
    Ok(crate::chat::receipt(arrival.envelope.id))
}

/// Asks a connected mailbox for everything that it keeps for this node.
pub(super) fn begin(node: &Node, network: NetworkId, mailbox: NodeId) {
    if node.0.mailboxes.rounds.begin(network, mailbox) {
        let this = node.clone();
        node.spawn(async move { this.collect(network, mailbox).await });
    }
}

impl Node {
    async fn collect(&self, network: NetworkId, mailbox: NodeId) {
        let rounds = &self.0.mailboxes.rounds;
        let mut pauses = PAUSES.into_iter();
        let mut pause = 0;
        loop {
            match self.collect_all(network, mailbox).await {
                Ok(true) => {
                    if !rounds.goes_on(network, mailbox) {
                        return;
                    }
                }
                Ok(false) => {
                    pause = pauses.next().unwrap_or(pause);
                    tokio::time::sleep(Duration::from_secs(pause)).await;
                }
                Err(error) => {
                    debug!(node = %mailbox, %error, "Could not collect");
                    return rounds.end(network, mailbox);
                }
            }
        }
    }

    /// Goes through everything that is kept; false if something of it has to wait.
    async fn collect_all(&self, network: NetworkId, mailbox: NodeId) -> Result<bool, AskError> {
        let live = self.network(&network).ok_or(AskError::Stopped)?;
        let mut after = 0;
        let mut is_all = true;
        loop {
            let body = encode(&Collect { after });
            let page = self.ask_mailbox(&live, mailbox, Kind::MailCollect, body);
            let page = decode::<Page>(&page.await?).ok_or(AskError::Invalid)?;
            is_all &= self.take_page(&live, mailbox, &page.copies).await?;
            // A mailbox that counts backwards ends the round.
            match page.next.filter(|next| *next > after) {
                Some(next) => after = next,
                None => return Ok(is_all),
            }
        }
    }

    async fn take_page(
        &self,
        network: &Network,
        mailbox: NodeId,
        copies: &[Numbered],
    ) -> Result<bool, AskError> {
        let mut said = Said::new();
        let mut numbers = Vec::new();
        for copy in copies {
            match self.take_copy(network, &copy.copy, &mut said).await {
                Taken::Done => numbers.push(copy.number),
                Taken::Later => {}
            }
        }
        let is_all = numbers.len() == copies.len();
        if !receipt::post_all(self, network.id(), said).await {
            // Without a word to the senders nothing is given up.
            return Ok(false);
        }
        if !numbers.is_empty() {
            info!(copies = numbers.len(), node = %mailbox, "Collected from a mailbox");
            let body = encode(&Done { numbers });
            self.ask_mailbox(network, mailbox, Kind::MailDone, body)
                .await?;
        }
        Ok(is_all)
    }

    async fn take_copy(&self, network: &Network, copy: &[u8], said: &mut Said) -> Taken {
        let (remote, envelope) = match letter::open(self, network, copy) {
            Ok(letter) => letter,
            Err(Unfit::NotYet) => return Taken::Later,
            Err(Unfit::Never) => return Taken::Done,
        };
        let (from, id) = (envelope.from, envelope.id);
        let is_receipt = envelope.kind == Kind::MailReceipt;
        match self.take_in(network, remote, envelope).await {
            Ok(_) if is_receipt => {}
            Ok(reply) if reply.kind == Kind::Receipt => {
                if decode::<Receipt>(&reply.body).is_some_and(|receipt| receipt.id == id) {
                    said.entry(from).or_default().stored.push(id);
                }
            }
            Ok(reply) => {
                if let Some(reset) = decode::<Reset>(&reply.body) {
                    said.entry(from).or_default().lost.push(reset);
                }
            }
            Err(Refusal::Busy) => return Taken::Later,
            Err(refusal @ (Refusal::Denied | Refusal::Invalid | Refusal::Unsupported)) => {
                debug!(%id, %refusal, "Refused what a mailbox kept");
            }
        }
        Taken::Done
    }

    async fn ask_mailbox(
        &self,
        network: &Network,
        mailbox: NodeId,
        kind: Kind,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, AskError> {
        let account = network.keeper().account_of(&mailbox);
        let account = account.ok_or(AskError::Unreachable)?;
        let now = self.now();
        let request = self.seal(network.id(), account, kind, message_id(now), now, body)?;
        let answer = self
            .hand_over(network.id(), mailbox, request, ANSWER)
            .await?;
        let expected = if kind == Kind::MailCollect {
            Kind::MailPage
        } else {
            Kind::Receipt
        };
        if answer.kind == expected {
            Ok(answer.body.clone())
        } else {
            Err(AskError::Invalid)
        }
    }
}
