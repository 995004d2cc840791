//! How far each private network's membership had got, kept apart from the database.
//!
//! An old copy of the database brings back members who were removed since. A node that has fallen
//! back behind its mark lets nobody in until other members have told it what it lacks.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Mutex, PoisonError},
};

use streembit_gate::{Freshness, Ledger, Mark};
use streembit_identity::NetworkId;
use streembit_vault::{MAX_MARKS, Marks as Kept, VaultError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::node::Node;

/// Characters of a network's id by which its mark is filed.
const LABEL: usize = 16;

/// The marks of every private network, and where they are kept.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    changed: Notify,
    kept: Option<Kept>,
    known: Mutex<Known>,
}

/// What is known of the marks.
#[derive(Debug)]
enum Known {
    /// Each network's mark under its label.
    All(BTreeMap<String, Mark>),
    /// What is kept cannot be understood: each network may have fallen back, until its members
    /// are confirmed. Then the marks begin anew.
    Damaged,
    /// They could not be read: each network may have fallen back. What is kept stays as it is.
    Unread,
}

impl Default for Known {
    fn default() -> Self {
        Self::All(BTreeMap::new())
    }
}

impl Marks {
    /// Reads the marks from where they are kept; a node without such a place has none.
    pub(crate) async fn open(kept: Option<Kept>) -> Self {
        let Some(place) = kept.clone() else {
            return Self::default();
        };
        let read = tokio::task::spawn_blocking(move || place.read()).await;
        let known = match read.unwrap_or(Err(VaultError::Unreachable)) {
            Ok(None) => Known::default(),
            Ok(Some(text)) => parse(&text).map_or(Known::Damaged, Known::All),
            Err(error) => {
                warn!(%error, "Could not read how far the networks had got");
                Known::Unread
            }
        };
        if matches!(known, Known::Damaged | Known::Unread) {
            warn!("Private networks let nobody in until somebody has confirmed their members");
        }
        Self {
            changed: Notify::new(),
            kept,
            known: Mutex::new(known),
        }
    }

    /// Returns why nothing that is stored of a network's freshness counts, if it does not.
    pub(super) fn objection(&self, ledger: &Ledger) -> Option<Freshness> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match &*known {
            Known::Damaged | Known::Unread => Some(Freshness::default()),
            Known::All(marks) => {
                let mark = marks.get(&label(&ledger.network()))?;
                (!mark.is_reached_by(ledger)).then(|| Freshness::behind(mark.clone()))
            }
        }
    }

    /// Notes how far a network has got, unless it has fallen back, or that is not known for want of
    /// marks and its members have not been confirmed just now.
    pub(crate) fn note(&self, ledger: &Ledger, is_confirmed: bool) {
        if is_confirmed && self.is_damaged() {
            self.accept(ledger);
        }
        self.change(|marks| {
            let label = label(&ledger.network());
            let is_behind = marks
                .get(&label)
                .is_some_and(|mark| !mark.is_reached_by(ledger));
            !is_behind && set(marks, label, ledger)
        });
    }

    /// Takes what a network has now for all that there is: its members have been confirmed in spite
    /// of damaged marks, or its person said so.
    pub(crate) fn accept(&self, ledger: &Ledger) {
        self.mend();
        self.change(|marks| set(marks, label(&ledger.network()), ledger));
    }

    /// Forgets a network that was left.
    pub(super) fn forget(&self, network: &NetworkId) {
        self.change(|marks| marks.remove(&label(network)).is_some());
    }

    fn mend(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*known, Known::Damaged) {
            *known = Known::default();
        }
    }

    /// Whether what is kept cannot be understood.
    fn is_damaged(&self) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(*known, Known::Damaged)
    }

    fn change(&self, work: impl FnOnce(&mut BTreeMap<String, Mark>) -> bool) {
        if self.kept.is_none() {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Known::All(marks) = &mut *known
            && work(marks)
        {
            self.changed.notify_one();
        }
    }

    fn text(&self) -> Option<String> {
        match &*self.known.lock().unwrap_or_else(PoisonError::into_inner) {
            Known::All(marks) => Some(write(marks)),
            Known::Damaged | Known::Unread => None,
        }
    }
}

impl Node {
    /// Writes the marks down whenever one has changed, the last time when the node stops.
    pub(crate) async fn keep_marks(self, stop: CancellationToken) {
        let marks = &self.0.marks;
        let Some(place) = marks.kept.clone() else {
            return;
        };
        let mut is_over = false;
        let mut written = None;
        while !is_over {
            tokio::select! {
                () = marks.changed.notified() => {}
                () = stop.cancelled() => is_over = true,
            }
            let Some(text) = marks.text().filter(|text| written.as_ref() != Some(text)) else {
                continue;
            };
            let (place, content) = (place.clone(), text.clone());
            let work = tokio::task::spawn_blocking(move || place.write(&content)).await;
            match work.unwrap_or(Err(VaultError::Unreachable)) {
                Ok(()) => written = Some(text),
                Err(error) => warn!(%error, "Could not keep how far the networks have got"),
            }
        }
    }
}

fn set(marks: &mut BTreeMap<String, Mark>, label: String, ledger: &Ledger) -> bool {
    let mark = Mark::of(ledger);
    let is_new = marks.get(&label) != Some(&mark);
    marks.insert(label, mark);
    is_new
}

fn label(network: &NetworkId) -> String {
    network.to_string().chars().take(LABEL).collect()
}

/// Writes a line for each network, as many as there is room for.
fn write(marks: &BTreeMap<String, Mark>) -> String {
    let mut text = String::new();
    for (label, mark) in marks {
        let before = text.len();
        // Writing to memory cannot fail.
        let _ = writeln!(text, "{label} {mark}");
        if text.len() > MAX_MARKS {
            text.truncate(before);
        }
    }
    text
}

/// Reads what `write` wrote; none for anything else.
fn parse(text: &str) -> Option<BTreeMap<String, Mark>> {
    let mut marks = BTreeMap::new();
    for line in text.lines() {
        let (label, mark) = line.split_once(' ')?;
        marks.insert(label.to_owned(), mark.parse().ok()?);
    }
    (write(&marks) == text).then_some(marks)
}

/// For the fuzz target: any bytes are either no marks, or read as they would be written.
#[doc(hidden)]
pub fn fuzz(data: &[u8]) {
    if let Some(marks) = std::str::from_utf8(data).ok().and_then(parse) {
        assert_eq!(write(&marks).as_bytes(), data, "one way to write them");
    }
}

#[cfg(test)]
mod tests {
    use streembit_identity::{AccountKey, Timestamp};

    use super::*;

    #[test]
    fn marks_survive_a_round_trip_and_anything_else_is_refused() {
        let one = "a".repeat(LABEL) + " 0," + &"0f".repeat(16) + "\n";
        let two = one.clone()
            + &"b".repeat(LABEL)
            + " 12,"
            + &"0e".repeat(16)
            + ","
            + &"0f".repeat(16)
            + "\n";

        for text in ["", &one, &two] {
            assert_eq!(
                parse(text).map(|marks| write(&marks)).as_deref(),
                Some(text)
            );
        }
        for bad in [
            "x",
            "\n",
            &one[1..],
            &two.replace("\n", "\r\n"),
            &(two.clone() + &one),
        ] {
            let read = parse(bad).map(|marks| write(&marks));
            assert!(read.is_none() || read.as_deref() == Some(bad), "{bad:?}");
        }
        assert!(parse(&(two + &one)).is_none(), "out of order and twice");
    }

    #[test]
    fn damaged_marks_begin_anew_with_a_confirmation_and_unread_ones_stay() {
        let recovery = AccountKey::from_seed(&[9; 32].into()).id();
        let admin = AccountKey::from_seed(&[1; 32].into());
        let name = |text: &str| text.parse().unwrap();
        let ledger = Ledger::create(
            name("Home"),
            name("Ann"),
            &admin,
            recovery,
            [7; 16],
            Timestamp(5),
        );
        let ledger = ledger.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let marks = |known| Marks {
            kept: Some(Kept::beside(folder.path())),
            known: Mutex::new(known),
            ..Marks::default()
        };

        let damaged = marks(Known::Damaged);
        damaged.note(&ledger, false);
        assert!(damaged.objection(&ledger).is_some());
        assert_eq!(
            damaged.text(),
            None,
            "nothing is written over what is there"
        );
        damaged.note(&ledger, true);
        assert!(damaged.objection(&ledger).is_none());
        assert!(damaged.text().is_some_and(|text| !text.is_empty()));

        let unread = marks(Known::Unread);
        unread.note(&ledger, true);
        assert!(unread.objection(&ledger).is_some());
        assert_eq!(
            unread.text(),
            None,
            "it may hold the marks of other networks"
        );
    }

    #[test]
    fn more_networks_than_there_is_room_for_leave_whole_lines() {
        let mark: Mark = ("0,".to_owned() + &"0f".repeat(16)).parse().unwrap();
        let many = (0..100)
            .map(|n| (format!("{n:016}"), mark.clone()))
            .collect();
        let text = write(&many);

        assert!(text.len() <= MAX_MARKS);
        assert!(parse(&text).is_some_and(|marks| marks.len() > 20));
    }
}
