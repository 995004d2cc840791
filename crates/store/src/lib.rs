//! What a profile remembers: an encrypted SQLite database behind an actor.
