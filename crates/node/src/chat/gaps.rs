//! What is missing in conversations: asked for, sent again, or said to be gone.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use streembit_delivery::{Link, Range, gap};
use streembit_gate::ContactState;
use streembit_identity::{Envelope, Kind, NetworkId, NodeId, Timestamp};
use streembit_store::{AskedText, DueGap, GapState, GapStep, OutboxItem, StoreError, Whose};
use tokio::sync::Notify;
use tracing::debug;

use super::{
    ChatError,
    body::{self, Said},
    not_now, post, receipt,
};
use crate::{
    contacts,
    dispatch::{Arrival, Reply},
    event::Event,
    node::{Node, fill},
    wire::Refusal,
};

/// How long to wait before looking again, at least and at most.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_hours(1));
/// Nodes of which it is known when they asked last.
const MAX_ASKERS: usize = 1_024;

/// How long to wait for the receipt of a question before it is looked at again.
const UNANSWERED: Duration = Duration::from_mins(1);
/// What may wait for an account that is still given answers.
const MAX_WAITING: usize = 512;

/// What is known about gaps besides the store.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    changed: Notify,
    /// When each node asked last.
    askers: Mutex<BTreeMap<(NetworkId, NodeId), Timestamp>>,
}

impl Gaps {
    /// There may be something to ask for.
    pub(super) fn look(&self) {
        self.changed.notify_one();
    }

    /// Whether a node may ask now: once in a while.
    fn may_ask(&self, network: NetworkId, node: NodeId, now: Timestamp) -> bool {
        let mut askers = self.askers.lock().unwrap_or_else(PoisonError::into_inner);
        askers.retain(|_, at| *at <= now && now < at.plus(gap::ASK_PAUSE));
        if askers.len() >= MAX_ASKERS || askers.contains_key(&(network, node)) {
            return false;
        }
        askers.insert((network, node), now);
        true
    }
}

/// Asks for what is missing, whenever it is due.
pub(super) async fn ask_forever(node: Node) {
    loop {
        let next = match look(&node).await {
            Ok(next) => next,
            Err(ChatError::Stopped) => return,
            Err(error) => {
                debug!(%error, "Could not ask for what is missing");
                None
            }
        };
        let (least, most) = PAUSES;
        let wait = next.map_or(most, |at| at.since(node.now()));
        tokio::select! {
            () = node.0.chat.gaps.changed.notified() => {}
            () = tokio::time::sleep(wait.clamp(least, most)) => {}
        }
    }
}

/// Asks for everything that is due; returns when something will be.
async fn look(node: &Node) -> Result<Option<Timestamp>, ChatError> {
    let (due, _) = node.store().due_gaps(node.now()).await?;
    let mut chains: BTreeMap<Whose, Vec<DueGap>> = BTreeMap::new();
    for gap in due {
        chains.entry(gap.whose).or_default().push(gap);
    }
    for (whose, gaps) in chains {
        ask(node, whose, gaps).await?;
    }
    let (_, next) = node.store().due_gaps(Timestamp(0)).await?;
    Ok(next)
}

async fn ask(node: &Node, whose: Whose, gaps: Vec<DueGap>) -> Result<(), ChatError> {
    let now = node.now();
    let again = now.plus(gap::ASK_PAUSE * 2);
    let may_ask = may_ask(node, whose).await?;
    let question = gap::question(gaps.iter().map(|gap| gap.range));
    let is_asked = |gap: &DueGap| {
        let mut ranges = question.iter();
        ranges.any(|asked| asked.first <= gap.range.last && gap.range.first <= asked.last)
    };
    let steps = gaps.iter().map(|gap| {
        if !is_asked(gap) {
            let (asked, state) = (gap.asked, GapState::Waiting);
            return step(gap, asked, state, Some(again));
        }
        let asked = gap.asked.saturating_add(1);
        let due = gap::due(asked, now, jitter());
        let state = match due {
            None => GapState::Gone,
            Some(_) if may_ask => GapState::Asked,
            Some(_) => GapState::Waiting,
        };
        step(gap, asked, state, due)
    });
    let steps = steps.collect();
    let item = if may_ask {
        let body = body::Gaps::write(&Said::Asked(question.clone()));
        let item = node.outbox_item(whose.network, whose.peer, Kind::Gaps, body)?;
        let nodes = vec![whose.node];
        Some(OutboxItem { nodes, ..item })
    } else {
        None
    };
    let later = now.plus(UNANSWERED);
    let queued = node
        .store()
        .ask_for(whose, steps, item.clone(), later)
        .await?;
    match item {
        Some(item) if queued => post(node, &item),
        // The question before has not been signed for: nothing has changed.
        Some(_) => return Ok(()),
        None => {}
    }
    for gap in gaps {
        changed(node, whose, gap.message);
    }
    Ok(())
}

fn step(gap: &DueGap, asked: u32, state: GapState, due: Option<Timestamp>) -> GapStep {
    GapStep {
        message: gap.message,
        state,
        asked,
        due,
    }
}

/// Whether the author's node can be asked: it is known, and its person is no stranger.
async fn may_ask(node: &Node, whose: Whose) -> Result<bool, ChatError> {
    let (network, peer) = (whose.network, whose.peer);
    if node.network(&network).is_none() || node.0.chat.room(network, peer).is_err() {
        return Ok(false);
    }
    if contacts::state(node, network, peer).await? != ContactState::Accepted {
        return Ok(false);
    }
    let nodes = node.nodes_of(network, peer).await?;
    Ok(nodes.contains(&whose.node))
}

fn changed(node: &Node, whose: Whose, id: streembit_identity::MessageId) {
    node.emit(Event::Message {
        network: whose.network,
        peer: whose.peer.into(),
        id,
    });
}

fn jitter() -> u32 {
    let mut random = [0; 4];
    fill(&mut random);
    u32::from_be_bytes(random)
}

/// Takes what the other side says about missing texts.
pub(crate) async fn on_gaps(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    match body::Gaps::read(&arrival.body).ok_or(Refusal::Invalid)? {
        Said::Asked(ranges) => answer(node, arrival, &ranges).await?,
        Said::Gone(gone) => {
            let whose = Whose {
                network: arrival.network,
                peer: arrival.from,
                node: arrival.node,
            };
            let (cause, now) = (arrival.envelope.id, node.now());
            let closed = arrival.store.close_gaps(whose, cause, gone, now);
            for id in closed.await.map_err(not_now)? {
                changed(node, whose, id);
            }
        }
    }
    Ok(receipt(arrival.envelope.id))
}

async fn answer(node: &Node, arrival: &Arrival, ranges: &[Range]) -> Result<(), Refusal> {
    let (network, from, now) = (arrival.network, arrival.from, node.now());
    let (question, asker) = (arrival.envelope.id, arrival.node);
    let is_known = node.store().was_seen(from, question).await;
    if is_known.map_err(not_now)? {
        return Ok(());
    }
    // Whoever asks and never signs, with many nodes, fills no outbox.
    let has_room = node.0.chat.waiting_for(network, from) < MAX_WAITING;
    if !has_room || !node.0.chat.gaps.may_ask(network, asker, now) {
        return Err(Refusal::Busy);
    }
    let items = answers(node, arrival, ranges).await.map_err(not_now)?;
    let queued = arrival
        .store
        .answer_gaps((from, asker), question, items, now);
    for item in queued.await.map_err(not_now)? {
        post(node, &item);
    }
    Ok(())
}

/// What answers a question: the texts that are here, and which are gone.
async fn answers(
    node: &Node,
    arrival: &Arrival,
    ranges: &[Range],
) -> Result<Vec<OutboxItem>, StoreError> {
    let whose = Whose {
        network: arrival.network,
        peer: arrival.from,
        node: node.me().node,
    };
    let (mut items, mut gone) = (Vec::new(), Vec::new());
    for range in ranges {
        let texts = node.store().asked_texts(whose, arrival.node, *range);
        let texts = texts.await?;
        for sequence in range.first..=range.last {
            let text = texts.iter().find(|text| text.sequence == sequence);
            if text.is_some_and(|text| text.is_waiting) {
                continue;
            }
            match text.and_then(|text| again(node, arrival, text)) {
                Some(item) => items.push(item),
                None => extend(&mut gone, sequence),
            }
        }
    }
    gone.truncate(gap::MAX_RANGES);
    if !gone.is_empty() {
        let body = body::Gaps::write(&Said::Gone(gone));
        if let Ok(item) = node.outbox_item(whose.network, whose.peer, Kind::Gaps, body) {
            let nodes = vec![arrival.node];
            items.push(OutboxItem { nodes, ..item });
        }
    }
    Ok(items)
}

fn extend(ranges: &mut Vec<Range>, sequence: u32) {
    match ranges.last_mut() {
        Some(range) if range.last.checked_add(1) == Some(sequence) => range.last = sequence,
        Some(_) | None => ranges.push(Range {
            first: sequence,
            last: sequence,
        }),
    }
}

/// A text as it was first written, to be sent again; none if it cannot be, because it was changed,
/// deleted, or is too old.
fn again(node: &Node, arrival: &Arrival, text: &AskedText) -> Option<OutboxItem> {
    let message = &text.message;
    let link = Link {
        sequence: text.sequence,
        previous: text.previous,
    };
    let is_old = node.now().since(message.sent_at) >= Envelope::MAX_AGE;
    if message.kind != "text" || is_old || !link.is_sound() {
        return None;
    }
    let body = body::Text::write(&message.text, message.reply_to, link);
    let me = node.me();
    let chain = streembit_delivery::Chain {
        network: message.network,
        from: me.account,
        node: me.node,
        to: arrival.from.into(),
    };
    (chain.hash(message.id, &body) == text.hash).then(|| OutboxItem {
        id: message.id,
        network: message.network,
        peer: arrival.from,
        nodes: vec![arrival.node],
        kind: Kind::Text as u16,
        envelope: Vec::new(),
        body: Some(body),
        queued_at: message.sent_at,
        copy: None,
    })
}
