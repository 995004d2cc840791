//! One thing that is served: its driver, its description, the state of its properties and actions.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, Weak},
};

use streembit_things::{
    Description, DescriptionError, Driver, Reading, Report, Reporter, Sink, ThingUrl,
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{Host, actions::Invocation, lock};
use crate::node::now;

/// A thing behind its driver.
pub(crate) struct Served {
    pub(super) actions: Mutex<BTreeMap<String, Invocation>>,
    pub(super) description: Description,
    pub(super) driver: Arc<dyn Driver>,
    pub(super) readings: Mutex<BTreeMap<String, Reading>>,
    pub(super) url: ThingUrl,
    /// Ends the driver's watch; none while nobody observes.
    pub(super) watch: Mutex<Option<CancellationToken>>,
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Served {
    pub(super) fn new(url: ThingUrl, driver: Arc<dyn Driver>) -> Result<Self, DescriptionError> {
        let description = Description::publish(driver.description(), &url)?;
        Ok(Self {
            actions: Mutex::default(),
            description,
            driver,
            readings: Mutex::default(),
            url,
            watch: Mutex::default(),
        })
    }

    /// Its address.
    pub(crate) fn url(&self) -> &ThingUrl {
        &self.url
    }

    /// Its description.
    pub(crate) fn description(&self) -> &Description {
        &self.description
    }

    /// What is known of its properties.
    pub(crate) fn readings(&self) -> BTreeMap<String, Reading> {
        lock(&self.readings).clone()
    }

    pub(super) fn reading(&self, property: &str) -> Reading {
        lock(&self.readings)
            .get(property)
            .cloned()
            .unwrap_or_default()
    }
}

/// Hears what a driver reports, and passes it to the host.
struct Ear {
    action: Option<String>,
    host: Weak<Host>,
    thing: Weak<Served>,
}

impl Sink for Ear {
    fn report(&self, report: Report) {
        let (Some(host), Some(thing)) = (self.host.upgrade(), self.thing.upgrade()) else {
            return;
        };
        match report {
            Report::Property { name, value } => host.reported(&thing, &name, value),
            Report::Settled { name } => host.settled(&thing, &name),
            Report::Event { name, data } => host.happened(&thing, &name, data),
            Report::Progress(percent) => {
                if let Some(id) = &self.action {
                    host.progressed(&thing, id, percent);
                }
            }
        }
    }
}

impl Host {
    /// Through which the driver of `thing` reports, on behalf of an action if there is one.
    pub(super) fn reporter(
        self: &Arc<Self>,
        thing: &Arc<Served>,
        action: Option<&str>,
    ) -> Reporter {
        Reporter::new(Arc::new(Ear {
            action: action.map(str::to_owned),
            host: Arc::downgrade(self),
            thing: Arc::downgrade(thing),
        }))
    }

    /// Takes a value that the thing reports, unless it contradicts its description.
    pub(super) fn reported(&self, thing: &Served, name: &str, value: serde_json::Value) {
        if let Err(problem) = thing.description.check_report(name, &value) {
            warn!(thing = %thing.url, name, %problem, "A driver reported a wrong value");
            return;
        }
        let reading = {
            let mut readings = lock(&thing.readings);
            let reading = readings.entry(name.to_owned()).or_default();
            if !reading.report(value, now()) {
                return;
            }
            reading.clone()
        };
        self.tell_change(&thing.url, name, &reading);
    }

    /// The thing gave up reaching a target.
    pub(super) fn settled(&self, thing: &Served, name: &str) {
        let reading = {
            let mut readings = lock(&thing.readings);
            let reading = readings.entry(name.to_owned()).or_default();
            reading.settle();
            reading.clone()
        };
        self.tell_change(&thing.url, name, &reading);
    }

    fn happened(&self, thing: &Served, name: &str, data: serde_json::Value) {
        if thing.description.check_event(name, &data).is_ok() {
            self.tell_event(&thing.url, name, &data);
        } else {
            warn!(thing = %thing.url, name, "A driver reported a wrong event");
        }
    }
}
