-- How many ids are remembered of each sender, so that nobody fills the database with them.
CREATE TABLE seen_senders (
    sender BLOB NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO seen_senders (sender, count) SELECT sender, count(*) FROM seen GROUP BY sender;

CREATE TRIGGER seen_more AFTER INSERT ON seen BEGIN
    INSERT INTO seen_senders (sender, count) VALUES (new.sender, 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER seen_less AFTER DELETE ON seen BEGIN
    UPDATE seen_senders SET count = count - 1 WHERE sender = old.sender;
    DELETE FROM seen_senders WHERE sender = old.sender AND count <= 0;
END;

-- What networks left behind that were left before.
DELETE FROM conversation_choices WHERE network NOT IN (SELECT network FROM networks);
DELETE FROM early_acts WHERE network NOT IN (SELECT network FROM networks);
