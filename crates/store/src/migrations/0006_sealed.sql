-- What travels end-to-end encrypted waits as plain text in this sealed database, and is encrypted
-- for a node when it is first sent; `envelope` is empty until then.
ALTER TABLE outbox ADD COLUMN body BLOB;
ALTER TABLE outbox ADD COLUMN sealed_to BLOB;
ALTER TABLE outbox ADD COLUMN session BLOB;

-- The secret keys with which others begin to encrypt for this node.
CREATE TABLE device_keys (
    node BLOB NOT NULL PRIMARY KEY,
    state BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The sessions of a node of ours (`own`) with a node of another.
CREATE TABLE ratchets (
    network BLOB NOT NULL,
    own BLOB NOT NULL,
    node BLOB NOT NULL,
    account BLOB NOT NULL,
    state BLOB NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (network, own, node)
) STRICT, WITHOUT ROWID;
CREATE INDEX ratchets_by_age ON ratchets (used_at);
