DROP TABLE mail_agreements;
DROP TABLE mailboxes;

-- For whom this node keeps messages (keeps = 1), and which mailboxes keep them for this account
-- (keeps = 0), with the node of it that does: how far both sides have got.
CREATE TABLE mail_terms (
    network BLOB NOT NULL,
    account BLOB NOT NULL,
    keeps INTEGER NOT NULL,
    state INTEGER NOT NULL,
    node BLOB,
    PRIMARY KEY (network, account, keeps)
) STRICT, WITHOUT ROWID;
