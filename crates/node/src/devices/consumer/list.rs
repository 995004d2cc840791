//! The list of things that this account may use, and what it calls them.

use serde_json::Value;
use streembit_gate::Role;
use streembit_identity::{AccountId, NetworkId};
use streembit_store::{Host, Thing};
use streembit_things::{Operation, ThingUrl};
use tracing::warn;

use super::lock;
use crate::{
    devices::{DeviceError, DeviceState, DeviceView, view::types},
    event::Event,
    node::Node,
    reach::Presence,
};

/// Longest title and room, in characters.
const MAX_TITLE: usize = 64;

impl Node {
    /// Lists the things of all devices, those of this node included.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn devices_list(
        &self,
        network: Option<NetworkId>,
    ) -> Result<Vec<DeviceView>, DeviceError> {
        let hosts = self.store().hosts(network).await?;
        let mut list = self.own_things().await;
        list.retain(|own| network.is_none_or(|network| own.network == network));
        for thing in self.store().things(network).await? {
            let host = hosts
                .iter()
                .find(|host| host.host == thing.host && host.network == thing.network);
            if let Some(view) = self.to_view(thing, host).await {
                list.push(view);
            }
        }
        Ok(list)
    }

    /// One thing, as the list gives it.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_view(&self, thing: &ThingUrl) -> Result<DeviceView, DeviceError> {
        let list = self.devices_list(None).await?;
        list.into_iter()
            .find(|view| view.thing == *thing)
            .ok_or_else(|| DeviceError::NotFound("there is no such thing here".to_owned()))
    }

    async fn to_view(&self, thing: Thing, host: Option<&Host>) -> Option<DeviceView> {
        let url: ThingUrl = thing.url.parse().ok()?;
        let document: Value = serde_json::from_str(&thing.td).ok()?;
        let own_title = document
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let presence = self.presence(&thing.network, &thing.host);
        let is_online = presence == Presence::Online;
        let last_seen = if is_online {
            Some(self.now())
        } else {
            thing.last_seen
        };
        Some(DeviceView {
            device: thing.host,
            level: thing.level.as_deref().and_then(|level| level.parse().ok()),
            last_seen: last_seen.or(host.and_then(|host| host.last_seen)),
            network: thing.network,
            reason: self.reason(&thing, presence),
            room: thing.room.clone(),
            state: if is_online {
                DeviceState::Online
            } else {
                DeviceState::Offline
            },
            title: thing.title.clone().unwrap_or_else(|| own_title.to_owned()),
            types: types(&document),
            values: self.known_values(thing.network, &url).await,
            thing: url,
        })
    }

    /// Why a host does not answer, in words.
    fn reason(&self, thing: &Thing, presence: Presence) -> Option<String> {
        let Some(network) = self.network(&thing.network) else {
            return Some("its network is not running here".to_owned());
        };
        if !network.is_public() && !network.has_member(&thing.host) {
            return Some("it was removed from the network".to_owned());
        }
        match presence {
            Presence::Online => None,
            Presence::Reachable => Some("it does not answer at its last address".to_owned()),
            Presence::Offline if network.net().peers().is_empty() => {
                Some("this app is connected to nobody in the network".to_owned())
            }
            Presence::Offline => Some("it is switched off or cannot be reached".to_owned()),
        }
    }

    /// The Thing Description, as the host last gave it.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_describe(&self, thing: &ThingUrl) -> Result<Value, DeviceError> {
        Ok(self.description(thing).await?.document().clone())
    }

    /// Calls a thing something else on this node; empty text brings its own title back.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_rename(
        &self,
        thing: &ThingUrl,
        title: &str,
    ) -> Result<DeviceView, DeviceError> {
        let title = words(title)?;
        if !self
            .store()
            .set_thing_title(&thing.to_string(), title)
            .await?
        {
            return Err(DeviceError::NotFound(
                "there is no such thing here".to_owned(),
            ));
        }
        self.changed(thing).await
    }

    /// Puts a thing into a room on this node; empty text takes it out.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_room(
        &self,
        thing: &ThingUrl,
        room: &str,
    ) -> Result<DeviceView, DeviceError> {
        let room = words(room)?;
        if !self
            .store()
            .set_thing_room(&thing.to_string(), room)
            .await?
        {
            return Err(DeviceError::NotFound(
                "there is no such thing here".to_owned(),
            ));
        }
        self.changed(thing).await
    }

    async fn changed(&self, thing: &ThingUrl) -> Result<DeviceView, DeviceError> {
        let view = self.device_view(thing).await?;
        self.emit(Event::Device {
            host: view.device,
            network: view.network,
        });
        Ok(view)
    }

    /// Removes a device: its owner gives it up, anybody else gives up the rights on it.
    ///
    /// # Errors
    /// See [`DeviceError`]; an owned device that cannot be reached stays.
    pub async fn device_remove(&self, device: AccountId) -> Result<(), DeviceError> {
        let hosts = self.store().hosts(None).await?;
        let hosts: Vec<Host> = hosts
            .into_iter()
            .filter(|host| host.host == device)
            .collect();
        if hosts.is_empty() {
            return Err(DeviceError::NotFound(
                "there is no such device here".to_owned(),
            ));
        }
        let was_ours = hosts
            .iter()
            .any(|host| host.level.as_deref() == Some("owner"));
        if was_ours {
            self.ask_host(None, device, &self.request(None, Operation::Release))
                .await?;
        } else if let Err(error) = self.device_revoke(device, self.me().account).await {
            // The rights are the host's to end; here it is forgotten all the same.
            warn!(%device, %error, "Could not give up the rights on a device");
        }
        for host in hosts {
            self.forget_host(host.network, device).await?;
            if was_ours {
                self.expel(host.network, device).await;
            }
            self.emit(Event::Device {
                host: device,
                network: host.network,
            });
        }
        Ok(())
    }

    async fn forget_host(&self, network: NetworkId, device: AccountId) -> Result<(), DeviceError> {
        self.store().remove_host(network, device).await?;
        lock(&self.0.devices.consumer().sessions).remove(&(network, device));
        let values = &self.0.devices.consumer().values;
        values.forget(|(of, thing)| *of == network && thing.host == device);
        Ok(())
    }

    /// Takes a device that is nobody's any longer out of a network that is ours to change.
    async fn expel(&self, network: NetworkId, device: AccountId) {
        let is_admin = self.network(&network).is_some_and(|live| {
            live.role_of(&self.me().account) == Some(Role::Admin) && live.has_member(&device)
        });
        if is_admin && let Err(error) = self.member_remove(network, device).await {
            warn!(%device, %error, "Could not remove a device from its network");
        }
    }
}

/// Text for people: trimmed, bounded, nothing invisible; none when empty.
fn words(text: &str) -> Result<Option<String>, DeviceError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let is_fine = text.chars().count() <= MAX_TITLE && !text.chars().any(char::is_control);
    if is_fine {
        Ok(Some(text.to_owned()))
    } else {
        Err(DeviceError::Invalid(format!(
            "at most {MAX_TITLE} visible characters are allowed"
        )))
    }
}
