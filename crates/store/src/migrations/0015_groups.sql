-- Groups: their signed operations, the session that this node writes in, and those of others.
-- In `peer` columns of conversations a group stands as its id behind the byte 1.
CREATE TABLE groups (
    network BLOB NOT NULL,
    id BLOB NOT NULL,
    session BLOB,
    PRIMARY KEY (network, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_operations (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    network BLOB NOT NULL,
    group_id BLOB NOT NULL,
    operation BLOB NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (network, group_id, operation)
) STRICT;

CREATE TABLE group_sessions (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    network BLOB NOT NULL,
    group_id BLOB NOT NULL,
    node BLOB NOT NULL,
    session BLOB NOT NULL,
    state BLOB NOT NULL,
    UNIQUE (network, group_id, node, session)
) STRICT;

-- How far what was written to a group got with each of its readers.
CREATE TABLE group_receipts (
    id BLOB NOT NULL,
    account BLOB NOT NULL,
    network BLOB NOT NULL,
    group_id BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    PRIMARY KEY (id, account)
) STRICT, WITHOUT ROWID;

-- Of a message to a group: how many it is for, how many have it, and how many have read it.
ALTER TABLE messages ADD COLUMN recipients INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN delivered_to INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN read_by INTEGER NOT NULL DEFAULT 0;

-- Who did it, where that is not the other side of the conversation.
ALTER TABLE early_acts ADD COLUMN author BLOB;
