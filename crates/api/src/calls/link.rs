//! Reading a link without acting on it.

use streembit_identity::link::Link;

use super::invalid;
use crate::{Error, Host, types::*, view};

pub(crate) async fn inspect(host: &Host, arguments: LinkRef) -> Result<LinkInspection, Error> {
    let node = host.node()?;
    let link = Link::parse(&arguments.link).map_err(|error| invalid("link", &error.to_string()))?;
    view::link::inspection(&node, link).await
}
