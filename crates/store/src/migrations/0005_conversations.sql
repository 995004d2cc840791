-- What a person has chosen for a conversation, and what they have begun to write in it.
CREATE TABLE conversation_choices (
    network BLOB NOT NULL,
    peer BLOB NOT NULL,
    draft TEXT NOT NULL DEFAULT '',
    muted_until INTEGER,
    is_pinned INTEGER NOT NULL DEFAULT 0,
    is_archived INTEGER NOT NULL DEFAULT 0,
    is_marked_unread INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (network, peer)
) STRICT, WITHOUT ROWID;
