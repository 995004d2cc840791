//! Commands about the seeds of the public network.

use streembit_node::Node;

use super::invalid;
use crate::{Code, Error, Host, table::Nothing, types::*, view};

pub(crate) async fn list(host: &Host, _: Nothing) -> Result<Vec<Seed>, Error> {
    of(&host.node()?).await
}

pub(crate) async fn add(host: &Host, arguments: SeedRef) -> Result<Seed, Error> {
    let (node, text) = (host.node()?, text(arguments)?);
    let before = of(&node).await?;
    node.seed_add(&text).await?;
    let after = of(&node).await?;
    let is_new = |seed: &&Seed| !before.iter().any(|known| known.address == seed.address);
    let added = after
        .iter()
        .find(is_new)
        .or_else(|| after.iter().find(|seed| seed.address == text));
    added
        .or(after.last())
        .cloned()
        .ok_or_else(|| Error::new(Code::InvalidArguments, "this link names no address"))
}

pub(crate) async fn remove(host: &Host, arguments: SeedRef) -> Result<(), Error> {
    Ok(host.node()?.seed_remove(&text(arguments)?).await?)
}

async fn of(node: &Node) -> Result<Vec<Seed>, Error> {
    let seeds = node.seeds_list().await?;
    Ok(seeds
        .into_iter()
        .filter_map(|seed| view::network::seed(node, seed))
        .collect())
}

fn text(arguments: SeedRef) -> Result<String, Error> {
    match (arguments.link, arguments.address) {
        (Some(text), None) | (None, Some(text)) => Ok(text),
        (Some(_), Some(_)) | (None, None) => Err(invalid(
            "link",
            "give either the link or the address of a seed",
        )),
    }
}
