-- How recently a private network's members were confirmed, and what its clock has reached.
CREATE TABLE confirmations (
    network BLOB NOT NULL PRIMARY KEY,
    bytes BLOB,
    at INTEGER NOT NULL,
    clock INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Networks from before count as confirmed when they came here: their admins have a while to begin.
INSERT INTO confirmations (network, bytes, at, clock)
SELECT network, NULL, CAST(unixepoch('subsec') * 1000 AS INTEGER), CAST(unixepoch('subsec') * 1000 AS INTEGER)
FROM networks WHERE kind = 'private';

-- One-time invites that this installation has given out.
CREATE TABLE network_invites (
    id BLOB NOT NULL PRIMARY KEY,
    network BLOB NOT NULL,
    name TEXT,
    role INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by BLOB,
    used_node BLOB,
    used_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX network_invites_by_network ON network_invites (network, created_at);

-- The one-time invite by which this installation still waits to be let in.
ALTER TABLE networks ADD COLUMN redeem TEXT;
