-- The chains in which texts are numbered, each one node's side of a conversation, with their ends.
-- Texts from before are in none: chains begin with the first text that has a number.
CREATE TABLE chains (
    chain INTEGER PRIMARY KEY,
    network BLOB NOT NULL,
    peer BLOB NOT NULL,
    node BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (network, peer, node)
) STRICT;

ALTER TABLE messages ADD COLUMN chain INTEGER;
ALTER TABLE messages ADD COLUMN sequence INTEGER;
ALTER TABLE messages ADD COLUMN hash BLOB;
-- What it says is before it, while that is not here.
ALTER TABLE messages ADD COLUMN previous BLOB;
-- How many are missing directly before it, how far asking for them is, and when to ask next.
ALTER TABLE messages ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN gap TEXT;
ALTER TABLE messages ADD COLUMN gap_asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN gap_due INTEGER;
-- Whether it contradicts what its node said before.
ALTER TABLE messages ADD COLUMN is_astray INTEGER NOT NULL DEFAULT 0;
-- Its line in the conversation, where that is not the one in which it came.
ALTER TABLE messages ADD COLUMN line INTEGER;

CREATE INDEX messages_by_line ON messages (network, peer, coalesce(line, position << 16));
CREATE UNIQUE INDEX messages_by_chain ON messages (chain, sequence) WHERE chain IS NOT NULL;
CREATE INDEX messages_by_gap ON messages (gap_due) WHERE gap_due IS NOT NULL;
