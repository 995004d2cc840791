//! Ears for what devices report, and a check of what they say of themselves.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use streembit_identity::{AccountKey, Timestamp};
use streembit_things::{Description, Driver, Report, Reporter, Sink, ThingUrl};

use crate::Clock;

/// Remembers all reports.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<Ears>);

#[derive(Default)]
struct Ears(Mutex<Vec<Report>>);

impl Sink for Ears {
    fn report(&self, report: Report) {
        self.0.lock().unwrap().push(report);
    }
}

impl Heard {
    pub(crate) fn reporter(&self) -> Reporter {
        Reporter::new(self.0.clone())
    }

    fn reports(&self) -> Vec<Report> {
        self.0.0.lock().unwrap().clone()
    }

    pub(crate) fn values(&self, property: &str) -> Vec<Value> {
        let value = |report| match report {
            Report::Property { name, value } if name == property => Some(value),
            Report::Property { .. } | Report::Event { .. } => None,
            Report::Progress(_) | Report::Settled { .. } => None,
        };
        self.reports().into_iter().filter_map(value).collect()
    }

    pub(crate) fn last(&self, property: &str) -> Option<Value> {
        self.values(property).pop()
    }

    pub(crate) fn progress(&self) -> Vec<u8> {
        let percent = |report| match report {
            Report::Progress(percent) => Some(percent),
            Report::Property { .. } | Report::Event { .. } | Report::Settled { .. } => None,
        };
        self.reports().into_iter().filter_map(percent).collect()
    }

    pub(crate) fn events(&self) -> Vec<(String, Value)> {
        let event = |report| match report {
            Report::Event { name, data } => Some((name, data)),
            Report::Property { .. } | Report::Progress(_) | Report::Settled { .. } => None,
        };
        self.reports().into_iter().filter_map(event).collect()
    }
}

pub(crate) fn clock() -> Clock {
    Clock::new(Timestamp(1_790_000_000_000), 1.0)
}

/// Looks at a device for so long.
pub(crate) async fn watch(driver: &dyn Driver, heard: &Heard, time: Duration) {
    let reporter = heard.reporter();
    let _ = tokio::time::timeout(time - Duration::from_millis(1), driver.watch(&reporter)).await;
}

/// The device's description is valid, and every property reads as it says.
pub(crate) async fn publish(driver: &dyn Driver) {
    let host = AccountKey::from_seed(&[1; 32].into()).id();
    let url = ThingUrl {
        host,
        name: "thing".parse().unwrap(),
    };
    let description = Description::publish(driver.description(), &url).unwrap();
    for name in description.affordances().properties.keys() {
        let value = driver.read(name).await.unwrap();
        description.check_report(name, &value).unwrap();
    }
}
