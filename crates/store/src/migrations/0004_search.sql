-- Every word that was said, to look for: kept in step with the messages by the database itself.
-- `place` holds a word for the network and one for the other side, so that a search in one
-- conversation does not look at all the others.
CREATE VIEW messages_said AS
SELECT
    position,
    text,
    'n' || lower(hex(substr(network, 1, 8))) || ' p' || lower(hex(substr(peer, 1, 8))) AS place
FROM messages;

CREATE VIRTUAL TABLE messages_search USING fts5 (
    text,
    place,
    content = 'messages_said',
    content_rowid = 'position',
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '2 3'
);
INSERT INTO messages_search (messages_search, rank) VALUES ('secure-delete', 1);

-- The oldest message that is indexed: those from before are taken in step by step, newest first.
CREATE TABLE search_progress (
    only INTEGER NOT NULL PRIMARY KEY DEFAULT 1 CHECK (only = 1),
    indexed_from INTEGER NOT NULL
) STRICT;
INSERT INTO search_progress (indexed_from) SELECT coalesce(max(position), 0) + 1 FROM messages;

CREATE TRIGGER messages_search_insert AFTER INSERT ON messages BEGIN
    INSERT INTO messages_search (rowid, text, place)
    SELECT position, text, place FROM messages_said WHERE position = new.position;
END;

CREATE TRIGGER messages_search_delete BEFORE DELETE ON messages
WHEN old.position >= (SELECT indexed_from FROM search_progress) BEGIN
    INSERT INTO messages_search (messages_search, rowid, text, place)
    SELECT 'delete', position, text, place FROM messages_said WHERE position = old.position;
END;

CREATE TRIGGER messages_search_before BEFORE UPDATE OF text ON messages
WHEN old.position >= (SELECT indexed_from FROM search_progress) BEGIN
    INSERT INTO messages_search (messages_search, rowid, text, place)
    SELECT 'delete', position, text, place FROM messages_said WHERE position = old.position;
END;

CREATE TRIGGER messages_search_after AFTER UPDATE OF text ON messages
WHEN new.position >= (SELECT indexed_from FROM search_progress) BEGIN
    INSERT INTO messages_search (rowid, text, place)
    SELECT position, text, place FROM messages_said WHERE position = new.position;
END;
