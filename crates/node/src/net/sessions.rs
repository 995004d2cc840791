//! Which connections to a peer are of its present run: those from before are dead, seen or not.

use std::{collections::HashMap, hash::Hash};

use streembit_gate::exchange::Session;

/// The open connections of each peer.
#[derive(Debug)]
pub(super) struct Sessions<Peer, Connection>(HashMap<Peer, (Option<Session>, Vec<Connection>)>);

impl<Peer, Connection> Default for Sessions<Peer, Connection> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<Peer: Eq + Hash, Connection: PartialEq> Sessions<Peer, Connection> {
    /// Notes an open connection, and returns those that ended with the run before.
    pub(super) fn opened(
        &mut self,
        peer: Peer,
        connection: Connection,
        session: Option<Session>,
    ) -> Vec<Connection> {
        let (since, connections) = self.0.entry(peer).or_default();
        let dead = if *since == session {
            Vec::new()
        } else {
            std::mem::take(connections)
        };
        *since = session;
        connections.push(connection);
        dead
    }

    /// Forgets a connection that has closed.
    pub(super) fn closed(&mut self, peer: &Peer, connection: &Connection) {
        if let Some((_, connections)) = self.0.get_mut(peer) {
            connections.retain(|open| open != connection);
            if connections.is_empty() {
                self.0.remove(peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_connections_of_one_run_stay() {
        let mut sessions = Sessions::default();
        assert_eq!(sessions.opened("Porch", 1, Some(Session(7))), [0; 0]);
        assert_eq!(sessions.opened("Porch", 2, Some(Session(7))), [0; 0]);
        assert_eq!(sessions.opened("Alice", 3, Some(Session(8))), [0; 0]);
    }

    #[test]
    fn whoever_started_anew_has_no_older_connection() {
        let mut sessions = Sessions::default();
        sessions.opened("Porch", 1, Some(Session(7)));
        sessions.opened("Porch", 2, Some(Session(7)));
        sessions.closed(&"Porch", &1);

        assert_eq!(sessions.opened("Porch", 3, Some(Session(9))), [2]);
        assert_eq!(sessions.opened("Porch", 4, Some(Session(9))), [0; 0]);
    }
}
