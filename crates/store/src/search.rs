//! Looks for words in everything that was said: the index, what a person's words ask of it, and
//! taking in what was said before there was one.

mod excerpt;

use rusqlite::{Connection, params};
use streembit_identity::{AccountId, MessageId, NetworkId, Party, Timestamp};

use self::excerpt::{Excerpt, MARKS};
use crate::actor::Store;
use crate::columns::{Columns, GROUP_MARK, Sql, Statements};
use crate::error::{Fault, StoreError};
use crate::page::MAX_PAGE;

/// Messages that are taken into the index in one step.
const STEP: u32 = 500;

/// Words of one search at most; more narrow nothing down.
const MAX_WORDS: usize = 16;

/// Longest word of a search, in characters: the rest of a longer one is left out.
const MAX_WORD: usize = 64;

/// Longest text in which the database marks the words, in characters: what that costs grows with
/// how often its author wrote them. Longer ones are only looked through.
const MAX_MARKED: u32 = 8_192;

/// What to look for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sought {
    /// The words, as a person typed them; the last one may go on.
    pub text: String,
    /// One network only.
    pub network: Option<NetworkId>,
    /// One conversation only.
    pub peer: Option<Party>,
    /// How many at most.
    pub limit: u32,
}

/// A message in which words were found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FoundMessage {
    /// Its id.
    pub id: MessageId,
    /// Its network.
    pub network: NetworkId,
    /// The other side of its conversation.
    pub peer: Party,
    /// Who wrote it.
    pub from: AccountId,
    /// When, by its author's clock.
    pub sent_at: Timestamp,
    /// The words around what was found.
    pub snippet: String,
    /// Where in it the words stand: each from, and up to, so many characters.
    pub marks: Vec<(u32, u32)>,
}

impl Store {
    /// Returns the latest messages that have all the words, newest first.
    pub async fn search_messages(&self, sought: Sought) -> Result<Vec<FoundMessage>, StoreError> {
        self.read("search the messages", move |db| search(db, &sought))
            .await
    }

    /// Takes some of the older messages into the index; false when none is left.
    pub async fn index_messages(&self) -> Result<bool, StoreError> {
        self.write("index messages", index).await
    }
}

fn search(db: &Connection, sought: &Sought) -> Result<Vec<FoundMessage>, Fault> {
    let Some(query) = query(sought) else {
        return Ok(Vec::new());
    };
    let words = words(&sought.text);
    db.all(
        "SELECT m.id, m.network, m.peer, m.sender, m.sent_at, length(m.text) <= ?4,
                CASE WHEN length(m.text) <= ?4 THEN highlight(messages_search, 0, ?2, ?3)
                     ELSE m.text END
         FROM messages_search JOIN messages m ON m.position = messages_search.rowid
         WHERE messages_search MATCH ?1
           AND (?5 IS NULL OR m.network = ?5) AND (?6 IS NULL OR m.peer = ?6)
         ORDER BY messages_search.rowid DESC LIMIT ?7",
        params![
            query,
            MARKS[0].to_string(),
            MARKS[1].to_string(),
            MAX_MARKED,
            sought.network.map(Sql),
            sought.peer.map(Sql),
            sought.limit.min(MAX_PAGE),
        ],
        |row| {
            let text = row.get_ref(6)?.as_str()?;
            let excerpt = if row.get(5)? {
                Excerpt::of_marked(text)
            } else {
                Excerpt::of_long(text, &words)
            };
            Ok(FoundMessage {
                id: row.id(0)?,
                network: row.id(1)?,
                peer: row.id(2)?,
                from: row.id(3)?,
                sent_at: row.time(4)?,
                snippet: excerpt.text,
                marks: excerpt.marks,
            })
        },
    )
}

/// Writes what a person looks for as a query: every word quoted, so that none is an operator.
fn query(sought: &Sought) -> Option<String> {
    let words = words(&sought.text);
    let phrases: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    // A single letter begins too many words.
    let goes_on = if words.last()?.chars().count() > 1 {
        "*"
    } else {
        ""
    };
    let mut query = format!("{{text}} : ({}{goes_on})", phrases.join(" AND "));
    let places = [
        sought.network.map(|id| place('n', id.as_bytes())),
        sought.peer.map(of_party),
    ];
    for place in places.into_iter().flatten() {
        query = format!("{query} AND ({{place}} : \"{place}\")");
    }
    Some(query)
}

/// The words of a text, without what the query language would read as something else.
fn words(text: &str) -> Vec<String> {
    let clean = |word: &str| {
        let kept = word
            .chars()
            .filter(|char| *char != '"' && !char.is_control());
        kept.take(MAX_WORD).collect::<String>()
    };
    text.split_whitespace()
        .map(clean)
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MAX_WORDS)
        .collect()
}

/// The word that stands for a network or a peer in the index.
fn place(kind: char, id: &[u8]) -> String {
    let start = id.iter().take(8);
    std::iter::once(kind.to_string())
        .chain(start.map(|byte| format!("{byte:02x}")))
        .collect()
}

/// The same for the other side of a conversation, as its column holds it.
fn of_party(party: Party) -> String {
    match party {
        Party::Account(account) => place('p', account.as_bytes()),
        Party::Group(group) => place('p', &[&[GROUP_MARK], group.as_bytes().as_slice()].concat()),
    }
}

fn index(db: &Connection) -> Result<bool, Fault> {
    let from = db.number("SELECT indexed_from FROM search_progress", [])?;
    let first = db.first(
        "SELECT min(position) FROM (
             SELECT position FROM messages WHERE position < ?1 ORDER BY position DESC LIMIT ?2)",
        params![from, STEP],
        |row| row.get::<_, Option<i64>>(0),
    )?;
    let Some(first) = first.flatten() else {
        return Ok(false);
    };
    db.change(
        "INSERT INTO messages_search (rowid, text, place)
         SELECT position, text, place FROM messages_said WHERE position >= ?1 AND position < ?2",
        params![first, from],
    )?;
    db.change("UPDATE search_progress SET indexed_from = ?1", [first])?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sought(text: &str) -> Sought {
        Sought {
            text: text.to_owned(),
            ..Sought::default()
        }
    }

    #[test]
    fn what_a_person_types_is_never_an_operator() {
        let query = query(&sought("NEAR(a b) OR \"x\" -y text:z *")).unwrap();

        assert_eq!(
            query,
            r#"{text} : ("NEAR(a" AND "b)" AND "OR" AND "x" AND "-y" AND "text:z"*)"#
        );
    }

    #[test]
    fn nothing_is_looked_for_without_a_word() {
        for text in ["", "  ", "\"*()", "…", "\" - \""] {
            assert_eq!(query(&sought(text)), None);
        }
    }
}
