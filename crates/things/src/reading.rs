//! The state of one property: what is reported and what was asked for, kept apart.

use serde_json::Value;
use streembit_identity::Timestamp;

use crate::schema::is_equal;

/// What is known of a property.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What the thing itself says, if it ever did.
    pub reported: Option<Value>,
    /// What somebody asked for and the thing has not yet reported.
    pub target: Option<Value>,
    /// Since when the target stands.
    pub pending_since: Option<Timestamp>,
    /// When the thing last said something.
    pub at: Timestamp,
}

impl Reading {
    /// Takes what the thing reports; a target that is thereby met is gone.
    ///
    /// Returns whether anything but the time is different.
    pub fn report(&mut self, value: Value, now: Timestamp) -> bool {
        let is_met = self
            .target
            .as_ref()
            .is_some_and(|target| is_equal(target, &value));
        let is_new = !self
            .reported
            .as_ref()
            .is_some_and(|known| is_equal(known, &value));
        if is_met {
            self.settle();
        }
        self.reported = Some(value);
        self.at = now;
        is_new || is_met
    }

    /// Notes what somebody asked for.
    pub fn ask(&mut self, target: Value, now: Timestamp) {
        self.target = Some(target);
        self.pending_since = Some(now);
    }

    /// Forgets the target: it was met, or the thing will not try any longer.
    pub fn settle(&mut self) {
        self.target = None;
        self.pending_since = None;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_target_until_it_is_reported() {
        let mut level = Reading::default();
        level.report(json!(10), Timestamp(1));
        level.ask(json!(50), Timestamp(2));

        let on_the_way = level.report(json!(30), Timestamp(3));
        assert!(on_the_way);
        assert_eq!(
            level.target,
            Some(json!(50)),
            "30 is not what was asked for"
        );
        assert_eq!(level.reported, Some(json!(30)));

        level.report(json!(50.0), Timestamp(4));
        assert_eq!((level.target, level.pending_since), (None, None));
    }

    #[test]
    fn repeating_a_value_is_no_change() {
        let mut on = Reading::default();

        assert!(on.report(json!(true), Timestamp(1)));
        assert!(!on.report(json!(true), Timestamp(2)));
        assert_eq!(on.at, Timestamp(2));
    }
}
