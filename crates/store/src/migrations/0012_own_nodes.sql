-- The other installations of this account.
CREATE TABLE own_nodes (
    node BLOB NOT NULL PRIMARY KEY,
    certificate BLOB NOT NULL,
    since INTEGER NOT NULL,
    last_seen INTEGER
) STRICT, WITHOUT ROWID;

-- Nodes that their accounts have revoked, for good, with the signed revocation.
CREATE TABLE revoked_nodes (
    account BLOB NOT NULL,
    node BLOB NOT NULL,
    bytes BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, node)
) STRICT, WITHOUT ROWID;
