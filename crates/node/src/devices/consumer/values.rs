//! The last known values of other hosts' things: in memory at once, in the store soon after.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Mutex,
    time::Duration,
};

use streembit_identity::{NetworkId, Timestamp};
use streembit_store::PropertyValue;
use streembit_things::{Description, Reading, ThingUrl};
use tracing::{debug, warn};

use super::lock;
use crate::{event::Event, node::Node};

/// How long changes are gathered before they are stored.
const SETTLE: Duration = Duration::from_secs(2);

/// By how much a message may come too late; what is older still was said by a clock set back.
const OVERTAKING: Duration = Duration::from_secs(5);

type Key = (NetworkId, ThingUrl);

/// What is known of properties.
#[derive(Debug, Default)]
pub(super) struct Values {
    known: Mutex<HashMap<Key, BTreeMap<String, Reading>>>,
    unsaved: Mutex<HashSet<Key>>,
}

impl Values {
    /// Ends what was known of things that are gone.
    pub(super) fn forget(&self, gone: impl Fn(&Key) -> bool) {
        lock(&self.known).retain(|key, _| !gone(key));
        lock(&self.unsaved).retain(|key| !gone(key));
    }
}

impl Node {
    /// All that is known of a thing's properties, without asking its host.
    pub(in crate::devices) async fn known_values(
        &self,
        network: NetworkId,
        thing: &ThingUrl,
    ) -> BTreeMap<String, Reading> {
        let key = (network, thing.clone());
        let values = &self.0.devices.consumer().values;
        if let Some(known) = lock(&values.known).get(&key) {
            return known.clone();
        }
        let stored = match self.store().values(network, &thing.to_string()).await {
            Ok(stored) => stored,
            Err(error) => {
                warn!(%error, "Could not read the last known values");
                return BTreeMap::new();
            }
        };
        let read: BTreeMap<String, Reading> = stored.into_iter().map(from_stored).collect();
        lock(&values.known).entry(key).or_insert(read).clone()
    }

    /// Takes what the host said of a property, keeps it, and tells the app; what contradicts the
    /// thing's description is nobody's truth.
    pub(super) async fn keep_value(
        &self,
        network: NetworkId,
        thing: &ThingUrl,
        name: &str,
        reading: Reading,
    ) {
        let says_so = |known: &Description| known.check_reading(name, &reading).is_ok();
        if !self.describes(thing, says_so).await {
            return debug!(%thing, "Ignored what a device says against its description");
        }
        self.change_value(network, thing, name, |known| {
            // An answer may be overtaken by a notification; a clock may also be set back.
            let is_overtaken = reading.at < known.at && known.at.since(reading.at) < OVERTAKING;
            if !is_overtaken {
                *known = reading;
            }
        })
        .await;
    }

    /// Changes what is kept of a property, and tells the app.
    pub(super) async fn change_value(
        &self,
        network: NetworkId,
        thing: &ThingUrl,
        name: &str,
        change: impl FnOnce(&mut Reading),
    ) {
        self.known_values(network, thing).await;
        let key = (network, thing.clone());
        let values = &self.0.devices.consumer().values;
        {
            let mut known = lock(&values.known);
            change(
                known
                    .entry(key.clone())
                    .or_default()
                    .entry(name.to_owned())
                    .or_default(),
            );
        }
        self.emit(Event::Property {
            name: name.to_owned(),
            thing: thing.to_string(),
        });
        let is_first = {
            let mut unsaved = lock(&values.unsaved);
            unsaved.insert(key);
            unsaved.len() == 1
        };
        if is_first {
            let this = self.clone();
            let stop = self.stop_token();
            self.spawn_to_end(async move {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(SETTLE) => {}
                }
                this.save_values().await;
            });
        }
    }

    /// Stores what is not stored yet.
    pub(super) async fn save_values(&self) {
        let values = &self.0.devices.consumer().values;
        let unsaved: Vec<Key> = lock(&values.unsaved).drain().collect();
        for key in unsaved {
            let rows = lock(&values.known).get(&key).map(to_stored);
            let (network, thing) = key;
            let (thing, rows) = (thing.to_string(), rows.unwrap_or_default());
            if let Err(error) = self.store().put_values(network, &thing, rows).await {
                warn!(%error, "Could not keep the last known values");
            }
        }
    }
}

fn from_stored(value: PropertyValue) -> (String, Reading) {
    let reading = Reading {
        reported: value.reported,
        target: value.target,
        pending_since: value.pending_since,
        at: value.at.unwrap_or(Timestamp::ZERO),
    };
    (value.name, reading)
}

fn to_stored(known: &BTreeMap<String, Reading>) -> Vec<PropertyValue> {
    let row = |(name, reading): (&String, &Reading)| PropertyValue {
        name: name.clone(),
        reported: reading.reported.clone(),
        target: reading.target.clone(),
        pending_since: reading.pending_since,
        at: reading.reported.as_ref().map(|_| reading.at),
    };
    known.iter().map(row).collect()
}
