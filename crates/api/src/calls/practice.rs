//! Commands about the practice network.

use crate::{
    Error, Host,
    practice::{NAME, Stage},
    table::Nothing,
    types::*,
};

pub(crate) async fn start(host: &Host, _: Nothing) -> Result<DemoStarted, Error> {
    let network = host.practice()?.start().await?;
    Ok(DemoStarted {
        network: network.into(),
        name: NAME.to_owned(),
    })
}

pub(crate) async fn stop(host: &Host, _: Nothing) -> Result<(), Error> {
    host.practice()?.remove().await
}

pub(crate) async fn status(host: &Host, _: Nothing) -> Result<DemoStatus, Error> {
    let (state, network) = match host.practice()?.stage() {
        Stage::None => (DemoState::None, None),
        Stage::Running(network) => (DemoState::Running, Some(network)),
        Stage::Starting(network) => (DemoState::Starting, network),
    };
    Ok(DemoStatus {
        state,
        network: network.map(Into::into),
    })
}
