//! Reading, writing and invoking on other hosts' things.

use serde_json::Value;
use streembit_identity::NetworkId;
use streembit_things::{ActionStatus, Operation, Outcome, Reading, Request, ThingUrl};

use super::lock;
use crate::{devices::DeviceError, event::Event, node::Node};

/// What is said of a host that does not keep to its own description.
const CONTRADICTION: &str = "the device tells what its own description does not allow";

impl Node {
    /// Reads a property from its host.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_read(
        &self,
        thing: &ThingUrl,
        property: &str,
    ) -> Result<Reading, DeviceError> {
        self.check(thing, |known| known.readable(property).map(|_| ()))
            .await?;
        let mut request = self.request(Some(thing), Operation::ReadProperty);
        request.name = Some(property.to_owned());
        self.ask_property(thing, property, &request).await
    }

    /// Asks a property to take a value; the answer says what its host then reports.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_write(
        &self,
        thing: &ThingUrl,
        property: &str,
        value: Value,
    ) -> Result<Reading, DeviceError> {
        self.check(thing, |known| known.check_write(property, &value))
            .await?;
        let mut request = self.request(Some(thing), Operation::WriteProperty);
        request.name = Some(property.to_owned());
        request.value = Some(value.clone());
        let Some(network) = self.remote_network(thing).await? else {
            return self.ask_property(thing, property, &request).await;
        };
        let asked_at = self.now();
        self.change_value(network, thing, property, |known| known.ask(value, asked_at))
            .await;
        let answer = self.ask_property(thing, property, &request).await;
        if answer.is_err() {
            self.change_value(network, thing, property, |known| {
                if known.pending_since == Some(asked_at) {
                    known.settle();
                }
            })
            .await;
        }
        answer
    }

    /// What is known of a property, without asking its host.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_reading(
        &self,
        thing: &ThingUrl,
        property: &str,
    ) -> Result<Option<Reading>, DeviceError> {
        if let Some(own) = self.own_thing(thing) {
            return Ok(own.readings().remove(property));
        }
        let network = self.network_of(thing).await?;
        Ok(self.known_values(network, thing).await.remove(property))
    }

    async fn ask_property(
        &self,
        thing: &ThingUrl,
        property: &str,
        request: &Request,
    ) -> Result<Reading, DeviceError> {
        let (network, outcome) = self.ask_thing(thing, request).await?;
        let reading = Reading::from(&outcome.state);
        if let Some(network) = network {
            self.check(thing, |known| known.check_reading(property, &reading))
                .await
                .map_err(|_| DeviceError::Internal(CONTRADICTION.to_owned()))?;
            self.keep_value(network, thing, property, reading.clone())
                .await;
        }
        Ok(reading)
    }

    /// Starts an action.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_invoke(
        &self,
        thing: &ThingUrl,
        action: &str,
        input: Option<Value>,
    ) -> Result<ActionStatus, DeviceError> {
        let given = input.clone().unwrap_or_default();
        self.check(thing, |known| {
            known.check_invoke(action, &given).map(|_| ())
        })
        .await?;
        let mut request = self.request(Some(thing), Operation::InvokeAction);
        request.name = Some(action.to_owned());
        request.input = input;
        self.ask_action(thing, &request).await
    }

    /// Asks how an action stands.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_action(
        &self,
        thing: &ThingUrl,
        action_id: &str,
    ) -> Result<ActionStatus, DeviceError> {
        let mut request = self.request(Some(thing), Operation::QueryAction);
        request.action_id = Some(action_id.to_owned());
        self.ask_action(thing, &request).await
    }

    /// Stops an action.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_cancel(
        &self,
        thing: &ThingUrl,
        action_id: &str,
    ) -> Result<ActionStatus, DeviceError> {
        let mut request = self.request(Some(thing), Operation::CancelAction);
        request.action_id = Some(action_id.to_owned());
        self.ask_action(thing, &request).await
    }

    /// How an action stood when it was last heard of.
    #[must_use]
    pub fn device_action_known(&self, action_id: &str) -> Option<(ThingUrl, ActionStatus)> {
        let actions = lock(&self.0.devices.consumer().actions);
        actions
            .iter()
            .find(|(_, status)| status.id == action_id)
            .cloned()
    }

    async fn ask_action(
        &self,
        thing: &ThingUrl,
        request: &Request,
    ) -> Result<ActionStatus, DeviceError> {
        let (_, outcome) = self.ask_thing(thing, request).await?;
        let status = outcome
            .status
            .ok_or_else(|| DeviceError::Internal("the device told no state".to_owned()))?;
        self.0.devices.consumer().keep_action(thing, &status);
        self.emit(Event::Action {
            action_id: status.id.clone(),
            thing: thing.to_string(),
        });
        Ok(status)
    }

    async fn ask_thing(
        &self,
        thing: &ThingUrl,
        request: &Request,
    ) -> Result<(Option<NetworkId>, Outcome), DeviceError> {
        let network = self.remote_network(thing).await?;
        Ok((network, self.ask_host(network, thing.host, request).await?))
    }

    /// The network of a thing elsewhere; none for one of this node.
    pub(super) async fn remote_network(
        &self,
        thing: &ThingUrl,
    ) -> Result<Option<NetworkId>, DeviceError> {
        if thing.host == self.me().account {
            return Ok(None);
        }
        self.network_of(thing).await.map(Some)
    }
}
