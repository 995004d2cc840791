//! Claiming: how a host of things gets its owner and its network.

use streembit_identity::{AccountId, NetworkId};

use crate::node::Node;

pub(crate) async fn start(_: &Node) {}
pub(crate) async fn on_connected(_: &Node, _: NetworkId, _: AccountId) {}
