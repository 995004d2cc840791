//! Conversations and messages.

use streembit_node::{ConversationView, MessageView, ReactionView};
use streembit_store::FoundMessage;

use crate::types::{
    ChangeState, Conversation, Gap, GapState, Message, MessageFound, MessageState, Note, NoteKind,
    Reach, Reaction, Via,
};

impl From<MessageView> for Message {
    fn from(view: MessageView) -> Self {
        let state = MessageState::from(view.state);
        let kept_until = view.kept_until.filter(|_| state == MessageState::Sent);
        Self {
            id: view.id.into(),
            network: view.network.into(),
            peer: view.peer.into(),
            from: view.from.into(),
            text: view.text,
            file: view.is_file,
            sent_at: view.sent_at.0,
            order: view.order,
            state,
            received_at: view.received_at.map(|at| at.0),
            reply_to: view.reply_to.map(Into::into),
            failure: view.failure,
            via: kept_until.map(|_| Via::Mailbox),
            kept_until: kept_until.map(|until| until.0),
            reactions: view.reactions.into_iter().map(Reaction::from).collect(),
            edited_at: view.edited_at.map(|at| at.0),
            deleted_at: view.deleted_at.map(|at| at.0),
            deleted_here: view.is_deleted_here,
            change: view.change.map(ChangeState::from),
            gap: view.gap.map(Gap::from),
            reach: (view.reach.recipients > 0).then_some(Reach {
                recipients: view.reach.recipients,
                delivered: view.reach.delivered,
                read: view.reach.read,
            }),
            note: view.note.and_then(note),
            astray: view.is_astray,
        }
    }
}

/// A change of a group; none where it is of a kind that is not known.
fn note(view: streembit_node::NoteView) -> Option<Note> {
    let what = match view.what {
        "added" => NoteKind::Added,
        "admin" => NoteKind::Admin,
        "created" => NoteKind::Created,
        "left" => NoteKind::Left,
        "no_admin" => NoteKind::NoAdmin,
        "removed" => NoteKind::Removed,
        "renamed" => NoteKind::Renamed,
        _ => return None,
    };
    Some(Note {
        what,
        peer: view.peer.map(Into::into),
    })
}

impl From<streembit_store::Gap> for Gap {
    fn from(gap: streembit_store::Gap) -> Self {
        Self {
            missing: gap.missing,
            state: match gap.state {
                streembit_store::GapState::Asked => GapState::Asked,
                streembit_store::GapState::Gone => GapState::Gone,
                streembit_store::GapState::Waiting => GapState::Waiting,
            },
        }
    }
}

impl From<ReactionView> for Reaction {
    fn from(view: ReactionView) -> Self {
        Self {
            peer: view.peer.into(),
            emoji: view.emoji,
        }
    }
}

impl From<streembit_node::ChangeState> for ChangeState {
    fn from(state: streembit_node::ChangeState) -> Self {
        match state {
            streembit_node::ChangeState::Failed => Self::Failed,
            streembit_node::ChangeState::Queued => Self::Queued,
        }
    }
}

impl From<streembit_store::MessageState> for MessageState {
    fn from(state: streembit_store::MessageState) -> Self {
        match state {
            streembit_store::MessageState::Delivered => Self::Delivered,
            streembit_store::MessageState::Failed => Self::Failed,
            streembit_store::MessageState::Queued => Self::Queued,
            streembit_store::MessageState::Read => Self::Read,
            streembit_store::MessageState::Sent => Self::Sent,
        }
    }
}

impl From<ConversationView> for Conversation {
    fn from(view: ConversationView) -> Self {
        Self {
            network: view.network.into(),
            peer: view.peer.into(),
            title: view.title,
            last: view.last.map(Message::from),
            unread: u32::try_from(view.unread).unwrap_or(u32::MAX),
            first_unread: view.first_unread.map(Into::into),
            draft: view.choices.draft,
            muted_until: view.choices.muted_until.map(|at| at.0),
            pinned: view.choices.is_pinned,
            archived: view.choices.is_archived,
            marked_unread: view.choices.is_marked_unread,
        }
    }
}

impl From<FoundMessage> for MessageFound {
    fn from(found: FoundMessage) -> Self {
        Self {
            id: found.id.into(),
            network: found.network.into(),
            peer: found.peer.into(),
            from: found.from.into(),
            snippet: found.snippet,
            marks: found.marks,
            sent_at: found.sent_at.0,
        }
    }
}
