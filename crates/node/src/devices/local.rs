//! The things of this very node, as whoever sits at it sees them.

use std::sync::Arc;

use streembit_gate::Level;
use streembit_identity::NetworkId;
use streembit_things::ThingUrl;

use super::{DeviceState, DeviceView, host::Served, view::types};
use crate::node::Node;

impl Node {
    /// The thing of that address, if this node hosts it.
    pub(super) fn own_thing(&self, thing: &ThingUrl) -> Option<Arc<Served>> {
        let host = self.0.devices.host()?;
        host.served().find(|served| served.url() == thing).cloned()
    }

    /// The things that this node hosts.
    pub(super) async fn own_things(&self) -> Vec<DeviceView> {
        let Some(host) = self.0.devices.host() else {
            return Vec::new();
        };
        let claimed = self.store().claimed().await.ok().flatten();
        let network = claimed.map_or(NetworkId::PUBLIC, |claimed| claimed.network);
        let state = if host.owner().is_some() {
            DeviceState::Online
        } else {
            DeviceState::Unclaimed
        };
        let reason = (state == DeviceState::Unclaimed)
            .then(|| "nobody has claimed this device yet".to_owned());
        let view = |thing: &Arc<Served>| DeviceView {
            device: self.me().account,
            level: Some(Level::Owner),
            last_seen: Some(self.now()),
            network,
            reason: reason.clone(),
            room: None,
            state,
            thing: thing.url().clone(),
            title: thing.description().title().to_owned(),
            types: types(thing.description().document()),
            values: thing.readings(),
        };
        host.served().map(view).collect()
    }
}
