-- What is done to messages after they were sent: reactions, edits, deletions.
ALTER TABLE messages ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN edit BLOB;
ALTER TABLE messages ADD COLUMN edited_at INTEGER;
ALTER TABLE messages ADD COLUMN deleted_at INTEGER;
ALTER TABLE messages ADD COLUMN is_deleted_here INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN change BLOB;
ALTER TABLE messages ADD COLUMN is_change_failed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN reactions TEXT NOT NULL DEFAULT '[]';

CREATE INDEX messages_by_change ON messages (change) WHERE change IS NOT NULL;

-- What was done to messages that have not come yet.
CREATE TABLE early_acts (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    network BLOB NOT NULL,
    peer BLOB NOT NULL,
    target BLOB NOT NULL,
    act BLOB NOT NULL,
    deed TEXT NOT NULL,
    content TEXT NOT NULL,
    revision INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX early_acts_by_target ON early_acts (network, peer, target);
