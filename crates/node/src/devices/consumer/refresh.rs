//! Learning what a host lets this account see: asked for, checked, kept.

use std::time::Duration;

use serde_json::Value;
use streembit_identity::{AccountId, NetworkId};
use streembit_store::{Host, ThingDescription};
use streembit_things::{Description, Operation, ThingUrl};
use tracing::{debug, info, warn};

use crate::{devices::DeviceError, event::Event, node::Node};

/// Pages of a host's list that are asked for at most.
const MAX_PAGES: usize = 64;

/// How long a host may take to tell all of it.
const DEADLINE: Duration = Duration::from_secs(60);

/// How long a host is left alone after it has answered.
const PAUSE: Duration = Duration::from_millis(500);

/// How long it is left alone after it has not; then it has to connect anew, or to say something.
const RETRIES: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

impl Node {
    /// Asks a host whose turn has begun, and once more whenever that is wanted meanwhile.
    pub(super) async fn look_at(&self, network: NetworkId, host: AccountId) {
        let has_answered = self.look_once(network, host).await;
        let node = self.clone();
        self.spawn(async move {
            let turns = &node.0.devices.consumer().turns;
            let mut retries = RETRIES.iter();
            let mut wait = next_wait(has_answered, &mut retries);
            loop {
                tokio::time::sleep(wait.unwrap_or(PAUSE)).await;
                let is_retry = wait.is_some() && node.is_connected(network, host);
                if !is_retry && turns.end((network, host)) {
                    return;
                }
                let has_answered = node.look_once(network, host).await;
                node.emit(Event::Grant { host });
                wait = next_wait(has_answered, &mut retries);
            }
        });
    }

    /// Asks once; false when the host did not answer.
    async fn look_once(&self, network: NetworkId, host: AccountId) -> bool {
        let _place = self.0.devices.consumer().turns.place().await;
        let look = self.refresh_host(network, host);
        match tokio::time::timeout(DEADLINE, look).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => debug!(%host, %error, "Could not list a device's things"),
            Err(_) => debug!(%host, "A device took too long to list its things"),
        }
        false
    }

    /// Asks a host what this account may see there, and keeps it.
    async fn refresh_host(&self, network: NetworkId, host: AccountId) -> Result<(), DeviceError> {
        let things = self.fetch_things(network, host).await?;
        let known = self.store().hosts(Some(network)).await?;
        let known = known.into_iter().find(|known| known.host == host);
        if things.is_empty() && known.is_none() {
            return Ok(());
        }
        let now = self.now();
        let level = things.iter().filter_map(|thing| thing.level.clone()).next();
        let added_at = known.as_ref().map_or(now, |known| known.added_at);
        let title = self.host_title(network, host).await;
        let row = Host {
            network,
            host,
            title,
            level,
            added_at,
            last_seen: Some(now),
        };
        let urls: Vec<ThingUrl> = things
            .iter()
            .filter_map(|thing| thing.url.parse().ok())
            .collect();
        info!(%host, things = things.len(), "Learned what a device hosts");
        self.store().put_host(row).await?;
        self.store()
            .replace_things(network, host, things, now)
            .await?;
        for thing in urls {
            self.0.devices.consumer().forget_description(&thing);
        }
        self.emit(Event::Device { host, network });
        Ok(())
    }

    async fn fetch_things(
        &self,
        network: NetworkId,
        host: AccountId,
    ) -> Result<Vec<ThingDescription>, DeviceError> {
        let (mut things, mut after) = (Vec::new(), Value::Null);
        for _ in 0..MAX_PAGES {
            let mut request = self.request(None, Operation::ListThings);
            request.value = Some(serde_json::json!({"after": after}));
            let outcome = self.ask_host(Some(network), host, &request).await?;
            let page = outcome.output.unwrap_or_default();
            let rows = page.get("things").and_then(Value::as_array);
            things.extend(
                rows.into_iter()
                    .flatten()
                    .filter_map(|row| read_thing(row, host)),
            );
            after = page.get("more").cloned().unwrap_or_default();
            if after.is_null() {
                break;
            }
        }
        Ok(things)
    }

    async fn host_title(&self, network: NetworkId, host: AccountId) -> String {
        let member = self.network(&network).and_then(|live| {
            let ledger = live.ledger()?;
            Some(ledger.roster().member(host)?.name.to_string())
        });
        match member {
            Some(name) => name,
            None => crate::contacts::name_of(self, network, host)
                .await
                .unwrap_or_default(),
        }
    }
}

/// Reads one thing of a host's list; what is not valid is left out.
fn read_thing(row: &Value, host: AccountId) -> Option<ThingDescription> {
    let name = row.get("name")?.as_str()?.parse().ok()?;
    let url = ThingUrl { host, name };
    let text = row.get("td")?.to_string();
    match Description::parse(text.as_bytes()) {
        Ok(description) if description.id() == Some(url.to_string().as_str()) => {}
        Ok(_) => {
            warn!(%url, "A device describes a thing under another address");
            return None;
        }
        Err(error) => {
            warn!(%url, %error, "A device describes a thing wrongly");
            return None;
        }
    }
    let level = row.get("level").and_then(Value::as_str).map(str::to_owned);
    Some(ThingDescription {
        url: url.to_string(),
        td: text,
        level,
    })
}

fn next_wait<'a>(
    has_answered: bool,
    retries: &mut impl Iterator<Item = &'a Duration>,
) -> Option<Duration> {
    if has_answered {
        return None;
    }
    retries.next().copied()
}
