//! Commands about devices and their things.

use streembit_node::GrantWish;

use super::read;
use crate::{Error, Host, table::Nothing, types::*, view};

pub(crate) async fn list(host: &Host, arguments: NetworkFilter) -> Result<Vec<Device>, Error> {
    let devices = host
        .node()?
        .devices_list(arguments.network.map(|network| network.0))
        .await?;
    Ok(devices.into_iter().map(Device::from).collect())
}

pub(crate) async fn claim(host: &Host, arguments: DeviceClaim) -> Result<Vec<Device>, Error> {
    let devices = host
        .node()?
        .device_claim(&arguments.link, arguments.network.0)
        .await?;
    Ok(devices.into_iter().map(Device::from).collect())
}

pub(crate) async fn claim_link(host: &Host, _: Nothing) -> Result<LinkText, Error> {
    let offer = host.node()?.device_claim_link().await?;
    Ok(view::link::text(offer.link, Some(offer.closes_at.0)))
}

pub(crate) async fn pairing_open(host: &Host, arguments: DevicePairing) -> Result<LinkText, Error> {
    let offer = host
        .node()?
        .device_pairing_open(arguments.device.0, arguments.minutes)
        .await?;
    Ok(view::link::text(offer.link, Some(offer.closes_at.0)))
}

pub(crate) async fn describe(host: &Host, arguments: ThingRef) -> Result<ThingDescription, Error> {
    Ok(ThingDescription(
        host.node()?.device_describe(&arguments.thing.0).await?,
    ))
}

pub(crate) async fn property(host: &Host, arguments: PropertyRef) -> Result<PropertyState, Error> {
    Ok(host
        .node()?
        .device_read(&arguments.thing.0, &arguments.property)
        .await?
        .into())
}

pub(crate) async fn write(host: &Host, arguments: PropertyWrite) -> Result<PropertyState, Error> {
    let PropertyWrite {
        thing,
        property,
        value,
    } = arguments;
    Ok(host
        .node()?
        .device_write(&thing.0, &property, value)
        .await?
        .into())
}

pub(crate) async fn observe(host: &Host, arguments: ThingRef) -> Result<(), Error> {
    Ok(host.node()?.device_observe(&arguments.thing.0).await?)
}

pub(crate) async fn unobserve(host: &Host, arguments: ThingRef) -> Result<(), Error> {
    Ok(host.node()?.device_unobserve(&arguments.thing.0).await?)
}

pub(crate) async fn invoke(host: &Host, arguments: ActionInvoke) -> Result<ActionStatus, Error> {
    let ActionInvoke {
        thing,
        action,
        input,
    } = arguments;
    Ok(host
        .node()?
        .device_invoke(&thing.0, &action, input)
        .await?
        .into())
}

pub(crate) async fn action(host: &Host, arguments: ActionRef) -> Result<ActionStatus, Error> {
    Ok(host
        .node()?
        .device_action(&arguments.thing.0, &arguments.action_id)
        .await?
        .into())
}

pub(crate) async fn cancel(host: &Host, arguments: ActionRef) -> Result<ActionStatus, Error> {
    Ok(host
        .node()?
        .device_cancel(&arguments.thing.0, &arguments.action_id)
        .await?
        .into())
}

pub(crate) async fn rename(host: &Host, arguments: DeviceRename) -> Result<Device, Error> {
    Ok(host
        .node()?
        .device_rename(&arguments.thing.0, &arguments.title)
        .await?
        .into())
}

pub(crate) async fn room(host: &Host, arguments: DeviceRoom) -> Result<Device, Error> {
    Ok(host
        .node()?
        .device_room(&arguments.thing.0, &arguments.room)
        .await?
        .into())
}

pub(crate) async fn grant(host: &Host, arguments: DeviceGrant) -> Result<Grant, Error> {
    let wish = GrantWish {
        affordances: arguments.affordances.unwrap_or_default(),
        device: arguments.device.0,
        expires_at: arguments.expires_at.map(streembit_identity::Timestamp),
        level: arguments.level.into(),
        peer: arguments.peer.0,
        thing: arguments.thing.map(|thing| thing.0),
    };
    Ok(host.node()?.device_grant(wish).await?.into())
}

pub(crate) async fn revoke(host: &Host, arguments: DeviceRevoke) -> Result<(), Error> {
    Ok(host
        .node()?
        .device_revoke(arguments.device.0, arguments.peer.0)
        .await?)
}

pub(crate) async fn grants(host: &Host, arguments: DeviceRef) -> Result<Vec<Grant>, Error> {
    let grants = host.node()?.device_grants(arguments.device.0).await?;
    host.rights().learn(arguments.device.0, grants.clone());
    Ok(grants.into_iter().map(Grant::from).collect())
}

pub(crate) async fn audit(host: &Host, arguments: AuditPage) -> Result<Vec<AuditEntry>, Error> {
    let before = arguments.before.map(|id| read("before", &id)).transpose()?;
    let device = arguments.device.0;
    let entries = host
        .node()?
        .device_audit(device, before, arguments.limit)
        .await?;
    Ok(entries
        .into_iter()
        .map(|entry| view::device::audit(device, entry))
        .collect())
}

pub(crate) async fn remove(host: &Host, arguments: DeviceRef) -> Result<(), Error> {
    Ok(host.node()?.device_remove(arguments.device.0).await?)
}
