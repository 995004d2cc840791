//! Collecting what is kept for this node: stored first, then signed for, and only then given up.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use streembit_delivery::mailbox::Visit;
use streembit_identity::{AccountId, Kind, NetworkId, NodeId};
use tracing::{debug, info};

use super::{
    body::{Collect, Done, MailReceipt, Numbered, Page},
    is_keeper,
    letter::{self, Unfit},
    receipt,
    rounds::{News, Round},
};
use crate::{
    ask::AskError,
    chat::body::{Receipt, decode, encode},
    dispatch::{Arrival, Reply},
    networks::Network,
    node::{Node, message_id, nap},
    sealed::Reset,
    wire::Refusal,
};

/// How long a mailbox may take to answer.
const ANSWER: Duration = Duration::from_secs(30);
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
    if let Some((round, visit)) = node.0.mailboxes.rounds.begin(network, mailbox) {
        let this = node.clone();
        node.spawn(async move { this.collect(network, mailbox, &round, visit).await });
    }
}

/// Something has changed by which what mailboxes of a network keep may be taken now.
pub(crate) fn look_again(node: &Node, network: NetworkId) {
    node.0.mailboxes.rounds.look_again(network);
}

impl Node {
    async fn collect(&self, network: NetworkId, mailbox: NodeId, round: &Round, mut visit: Visit) {
        let rounds = &self.0.mailboxes.rounds;
        loop {
            if round.news() == News::Changed {
                visit.look_again();
            }
            if let Err(error) = self.collect_all(network, mailbox, &mut visit).await {
                debug!(node = %mailbox, %error, "Could not collect");
                return rounds.end(network, mailbox, visit);
            }
            match visit.due() {
                None if rounds.goes_on(network, mailbox) => {}
                None => return,
                Some(due) => {
                    tokio::select! {
                        () = tokio::time::sleep(nap(due)) => {}
                        () = round.bell.notified() => {}
                    }
                }
            }
        }
    }

    /// Goes through everything that is kept, but for what was put off and is not due.
    async fn collect_all(
        &self,
        network: NetworkId,
        mailbox: NodeId,
        visit: &mut Visit,
    ) -> Result<(), AskError> {
        let live = self.network(&network).ok_or(AskError::Stopped)?;
        let skipped = visit.skipped(self.now());
        let mut seen = BTreeSet::new();
        let mut after = 0;
        loop {
            let body = encode(&Collect {
                after,
                skip: Some(skipped.clone()).filter(|it| !it.is_empty()),
            });
            let page = self.ask_mailbox(&live, mailbox, Kind::MailCollect, body);
            let page = decode::<Page>(&page.await?).ok_or(AskError::Invalid)?;
            seen.extend(page.copies.iter().map(|copy| copy.number));
            self.take_page(&live, mailbox, &page.copies, visit).await?;
            // A mailbox that counts backwards ends the round.
            match page.next.filter(|next| *next > after) {
                Some(next) => after = next,
                None => break,
            }
        }
        visit.passed(&seen, &skipped);
        Ok(())
    }

    async fn take_page(
        &self,
        network: &Network,
        mailbox: NodeId,
        copies: &[Numbered],
        visit: &mut Visit,
    ) -> Result<(), AskError> {
        let mut said = Said::new();
        let mut numbers = Vec::new();
        for copy in copies {
            match self.take_copy(network, &copy.copy, &mut said).await {
                Taken::Done => numbers.push(copy.number),
                Taken::Later => visit.put_off(copy.number, self.now()),
            }
        }
        if !receipt::post_all(self, network.id(), said).await {
            // Without a word to the senders nothing is given up.
            let now = self.now();
            numbers.into_iter().for_each(|it| visit.put_off(it, now));
            return Ok(());
        }
        if !numbers.is_empty() {
            info!(copies = numbers.len(), node = %mailbox, "Collected from a mailbox");
            numbers.iter().for_each(|number| visit.done(*number));
            let body = encode(&Done { numbers });
            self.ask_mailbox(network, mailbox, Kind::MailDone, body)
                .await?;
        }
        Ok(())
    }

    async fn take_copy(&self, network: &Network, copy: &[u8], said: &mut Said) -> Taken {
        let (remote, envelope) = match letter::open(self, network, copy) {
            Ok(letter) => letter,
            Err(Unfit::NotYet) => return Taken::Later,
            Err(Unfit::Never) => return Taken::Done,
        };
        let (from, id) = (envelope.from, envelope.id);
        let is_receipt = envelope.kind == Kind::MailReceipt;
        match self.take_in(network, remote, envelope, true).await {
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
