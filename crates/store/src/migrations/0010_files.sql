-- Files that were offered, one for each message that offers one: how far they are, and where.
CREATE TABLE files (
    network BLOB NOT NULL,
    peer BLOB NOT NULL,
    id BLOB NOT NULL,
    direction TEXT NOT NULL,
    name TEXT NOT NULL,
    media TEXT,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    key BLOB NOT NULL,
    state TEXT NOT NULL,
    failure TEXT,
    path TEXT,
    part TEXT,
    done INTEGER NOT NULL DEFAULT 0,
    offered_at INTEGER NOT NULL,
    leaves BLOB,
    have BLOB,
    PRIMARY KEY (network, peer, id)
) STRICT;
CREATE INDEX files_by_id ON files (id);
CREATE INDEX files_by_state ON files (state, offered_at);
