//! What rights others hold on the devices of this profile, as the devices last told.
//!
//! The devices keep and enforce the rights; this is what is shown beside a contact.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use streembit_gate::Level;
use streembit_identity::AccountId;
use streembit_node::{DeviceState, GrantView, Node};

use crate::types::ContactGrant;

/// Devices whose rights are remembered at most.
const MAX_DEVICES: usize = 256;

/// The rights on each device.
#[derive(Debug, Default)]
pub(crate) struct Rights(RwLock<BTreeMap<AccountId, Vec<GrantView>>>);

impl Rights {
    /// Asks `device` for the rights on it, where this account may know them.
    pub(crate) async fn refresh(&self, node: &Node, device: AccountId) {
        let things = node.devices_list(None).await.unwrap_or_default();
        let is_shown = things.iter().any(|thing| {
            thing.device == device
                && thing.state == DeviceState::Online
                && thing.level.is_some_and(|level| level >= Level::Admin)
        });
        if is_shown && let Ok(grants) = node.device_grants(device).await {
            self.learn(device, grants);
        }
    }

    /// Keeps what `device` told.
    pub(crate) fn learn(&self, device: AccountId, grants: Vec<GrantView>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MAX_DEVICES || known.contains_key(&device) {
            known.insert(device, grants);
        }
    }

    /// Returns the rights that `peer` holds.
    pub(crate) fn of(&self, peer: AccountId) -> Vec<ContactGrant> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let held = known.iter().flat_map(|(device, grants)| {
            let of_peer = grants.iter().filter(move |grant| grant.peer == peer);
            of_peer.map(|grant| ContactGrant {
                device: (*device).into(),
                thing: grant.thing.clone().map(Into::into),
                level: grant.level.into(),
            })
        });
        held.collect()
    }

    /// Forgets everything, as the account goes.
    pub(crate) fn clear(&self) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
