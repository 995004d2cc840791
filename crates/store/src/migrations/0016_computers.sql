-- The computers of other accounts, since when each is known, and whether it came after others.
CREATE TABLE computers (
    network BLOB NOT NULL,
    account BLOB NOT NULL,
    node BLOB NOT NULL,
    since INTEGER NOT NULL,
    is_new INTEGER NOT NULL,
    PRIMARY KEY (network, account, node)
) STRICT, WITHOUT ROWID;
