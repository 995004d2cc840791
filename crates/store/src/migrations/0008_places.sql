-- A day of a conversation is found without reading what was said before or since.
CREATE INDEX messages_by_time ON messages (network, peer, sent_at, position);

-- A read receipt looks at what the other side has not read, not at the whole history.
CREATE INDEX messages_unread_by_peer ON messages (network, peer, position)
WHERE direction = 'out' AND state <> 'read';
