//! Mistakes made on purpose, to see that the simulation notices them.

/// A mistake in one of the simulated nodes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Flaw {
    /// A recipient does not look whether it has a message already.
    ForgetsIds,
    /// A recipient answers for a message before it is stored.
    AnswersBeforeStoring,
    /// A sender lets a message go before it is stored.
    SendsBeforeStoring,
    /// A sender stores the number of a message apart from the message.
    NumbersApart,
    /// A sender does not read its queue after a restart.
    StartsAfresh,
    /// A sender takes a message that went into a connection for one that arrived.
    BelievesTheConnection,
    /// A sender notes that a receipt came before it takes it.
    NotesReceiptsFirst,
    /// A recipient shows messages as they come.
    ShowsAsTheyCome,
    /// A recipient does not ask for what is missing.
    NeverAsks,
    /// A mailbox deletes what it hands out before that was acknowledged.
    DeletesEarly,
}
