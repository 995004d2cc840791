-- What is kept for others: whom it is for, who left it, how large it is and until when it is kept.
-- What it says is sealed for the recipient's node.
CREATE TABLE kept_copies (
    network BLOB NOT NULL,
    number INTEGER NOT NULL,
    account BLOB NOT NULL,
    node BLOB NOT NULL,
    depositor BLOB NOT NULL,
    token BLOB NOT NULL,
    keep_until INTEGER NOT NULL,
    copy BLOB NOT NULL,
    PRIMARY KEY (network, number)
) STRICT;

-- The highest number of a copy that a network ever had: none is used twice.
CREATE TABLE kept_numbers (
    network BLOB NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- For whom something is kept, and who asked for it.
CREATE TABLE mail_agreements (
    network BLOB NOT NULL,
    account BLOB NOT NULL,
    is_agreed INTEGER NOT NULL DEFAULT 0,
    since INTEGER NOT NULL,
    PRIMARY KEY (network, account)
) STRICT, WITHOUT ROWID;

-- The mailboxes that this account asked, and what they said.
CREATE TABLE mailboxes (
    network BLOB NOT NULL,
    account BLOB NOT NULL,
    node BLOB NOT NULL,
    is_agreed INTEGER NOT NULL DEFAULT 0,
    since INTEGER NOT NULL,
    PRIMARY KEY (network, account)
) STRICT, WITHOUT ROWID;

-- Until when a mailbox keeps what waits here as well.
ALTER TABLE outbox ADD COLUMN kept_until INTEGER;
ALTER TABLE messages ADD COLUMN kept_until INTEGER;
