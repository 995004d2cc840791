-- What waits, waits for one node: a message to somebody with several is a row for each of them. An
-- empty `node` is whichever answers first.
CREATE TABLE outbox_by_node (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    network BLOB NOT NULL,
    peer BLOB NOT NULL,
    node BLOB NOT NULL DEFAULT x'',
    kind INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    queued_at INTEGER NOT NULL,
    body BLOB,
    sealed_to BLOB,
    session BLOB,
    UNIQUE (id, peer, node)
) STRICT;
INSERT INTO outbox_by_node
    (position, id, network, peer, kind, envelope, state, queued_at, body, sealed_to, session)
SELECT position, id, network, peer, kind, envelope, state, queued_at, body, sealed_to, session
FROM outbox ORDER BY position;
DROP TABLE outbox;
ALTER TABLE outbox_by_node RENAME TO outbox;
CREATE INDEX outbox_by_network ON outbox (network, position);
