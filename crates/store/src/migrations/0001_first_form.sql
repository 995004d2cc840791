-- Ids and keys are their bytes; times are Unix milliseconds; lists are JSON.

CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE seeds (
    address TEXT NOT NULL PRIMARY KEY,
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    only INTEGER NOT NULL PRIMARY KEY DEFAULT 1 CHECK (only = 1),
    record_sequence INTEGER NOT NULL DEFAULT 0,
    phrase_confirmed INTEGER NOT NULL DEFAULT 0,
    certificate BLOB,
    latest_time INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO account DEFAULT VALUES;

CREATE TABLE networks (
    network BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    genesis BLOB,
    listen TEXT NOT NULL DEFAULT '[]',
    bootstrap TEXT NOT NULL DEFAULT '[]',
    joined_at INTEGER NOT NULL,
    is_waiting INTEGER NOT NULL DEFAULT 0,
    waiting_for BLOB,
    hue INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE operations (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    network BLOB NOT NULL,
    operation BLOB NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (network, operation)
) STRICT;

CREATE TABLE certificates (
    network BLOB NOT NULL,
    node BLOB NOT NULL,
    account BLOB NOT NULL,
    bytes BLOB NOT NULL,
    stored_at INTEGER NOT NULL,
    PRIMARY KEY (network, node)
) STRICT, WITHOUT ROWID;
CREATE INDEX certificates_by_account ON certificates (network, account, stored_at);

CREATE TABLE contacts (
    network BLOB NOT NULL,
    account BLOB NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'human',
    alias TEXT,
    relation TEXT NOT NULL,
    since INTEGER NOT NULL,
    is_verified INTEGER NOT NULL DEFAULT 0,
    last_seen INTEGER,
    tombstone BLOB,
    PRIMARY KEY (network, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
    network BLOB NOT NULL,
    account BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (network, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE invites (
    secret_hash BLOB NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by BLOB,
    used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE addresses (
    network BLOB NOT NULL,
    node BLOB NOT NULL,
    address TEXT NOT NULL,
    account BLOB,
    last_ok INTEGER NOT NULL,
    PRIMARY KEY (network, node, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX addresses_by_account ON addresses (network, account, last_ok);
CREATE INDEX addresses_by_age ON addresses (last_ok);

CREATE TABLE messages (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    network BLOB NOT NULL,
    peer BLOB NOT NULL,
    direction TEXT NOT NULL,
    sender BLOB NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    reply_to BLOB,
    sent_at INTEGER NOT NULL,
    received_at INTEGER,
    state TEXT NOT NULL,
    failure TEXT,
    UNIQUE (network, peer, id)
) STRICT;
CREATE INDEX messages_by_conversation ON messages (network, peer, position);
CREATE INDEX messages_by_id ON messages (id);

CREATE TABLE conversations (
    network BLOB NOT NULL,
    peer BLOB NOT NULL,
    last INTEGER NOT NULL,
    read_through INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (network, peer)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    network BLOB NOT NULL,
    peer BLOB NOT NULL,
    kind INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    queued_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_network ON outbox (network, position);

CREATE TABLE seen (
    sender BLOB NOT NULL,
    id BLOB NOT NULL,
    keep_until INTEGER NOT NULL,
    PRIMARY KEY (sender, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_by_age ON seen (keep_until);

CREATE TABLE refusals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    network BLOB NOT NULL,
    account BLOB,
    node BLOB,
    address TEXT NOT NULL,
    direction TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX refusals_by_network ON refusals (network, id);

CREATE TABLE hosts (
    network BLOB NOT NULL,
    host BLOB NOT NULL,
    title TEXT NOT NULL,
    level TEXT,
    added_at INTEGER NOT NULL,
    last_seen INTEGER,
    PRIMARY KEY (network, host)
) STRICT, WITHOUT ROWID;

CREATE TABLE things (
    url TEXT NOT NULL,
    network BLOB NOT NULL,
    host BLOB NOT NULL,
    td TEXT NOT NULL,
    title TEXT,
    room TEXT,
    is_favourite INTEGER NOT NULL DEFAULT 0,
    level TEXT,
    updated_at INTEGER NOT NULL,
    last_seen INTEGER,
    PRIMARY KEY (network, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX things_by_host ON things (network, host);

CREATE TABLE property_values (
    network BLOB NOT NULL,
    thing TEXT NOT NULL,
    name TEXT NOT NULL,
    reported TEXT,
    target TEXT,
    pending_since INTEGER,
    at INTEGER,
    PRIMARY KEY (network, thing, name),
    FOREIGN KEY (network, thing) REFERENCES things (network, url) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
    peer BLOB NOT NULL,
    thing TEXT NOT NULL DEFAULT '',
    level TEXT NOT NULL,
    expires_at INTEGER,
    issued_by BLOB NOT NULL,
    issued_at INTEGER NOT NULL,
    affordances TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (peer, thing)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
    only INTEGER NOT NULL PRIMARY KEY DEFAULT 1 CHECK (only = 1),
    owner BLOB,
    network BLOB,
    claimed_at INTEGER,
    pending_peer BLOB,
    pending_until INTEGER,
    pending_state BLOB
) STRICT;
INSERT INTO claim DEFAULT VALUES;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    peer BLOB NOT NULL,
    thing TEXT NOT NULL,
    operation TEXT NOT NULL,
    affordance TEXT,
    outcome TEXT NOT NULL
) STRICT;

CREATE TABLE requests (
    sender BLOB NOT NULL,
    id BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (sender, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_by_age ON requests (expires_at);
