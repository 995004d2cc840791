//! What can be asked of a thing or its host.

use serde::{Deserialize, Serialize};

/// An operation: the eighteen of TD 1.1 and, prefixed, those of a Streembit host.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Tells a property's value.
    ReadProperty,
    /// Asks a property to take a value.
    WriteProperty,
    /// Tells a property's changes from now on.
    ObserveProperty,
    /// No longer tells them.
    UnobserveProperty,
    /// Starts an action.
    InvokeAction,
    /// Tells how an action stands.
    QueryAction,
    /// Stops an action.
    CancelAction,
    /// Tells an event from now on.
    SubscribeEvent,
    /// No longer tells it.
    UnsubscribeEvent,
    /// Tells every property's value.
    ReadAllProperties,
    /// Asks every writable property to take a value.
    WriteAllProperties,
    /// Tells the values of some properties.
    ReadMultipleProperties,
    /// Asks some properties to take values.
    WriteMultipleProperties,
    /// Tells every property's changes from now on.
    ObserveAllProperties,
    /// No longer tells any.
    UnobserveAllProperties,
    /// Tells every event from now on.
    SubscribeAllEvents,
    /// No longer tells any event.
    UnsubscribeAllEvents,
    /// Tells how all actions stand.
    QueryAllActions,
    /// Lists the things that the sender may see, with their descriptions.
    #[serde(rename = "sb:things")]
    ListThings,
    /// Hands over a thing's description.
    #[serde(rename = "sb:describe")]
    Describe,
    /// Gives an account a right.
    #[serde(rename = "sb:grant")]
    Grant,
    /// Takes an account's rights.
    #[serde(rename = "sb:revoke")]
    Revoke,
    /// Lists who has which right.
    #[serde(rename = "sb:grants")]
    ListGrants,
    /// Tells who did what.
    #[serde(rename = "sb:audit")]
    ReadAudit,
    /// Gives the host up: it becomes nobody's and waits to be claimed.
    #[serde(rename = "sb:release")]
    Release,
    /// Tells the consumer that notifications were lost and all must be read again.
    #[serde(rename = "sb:resync")]
    Resync,
}

impl Operation {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadProperty => "readproperty",
            Self::WriteProperty => "writeproperty",
            Self::ObserveProperty => "observeproperty",
            Self::UnobserveProperty => "unobserveproperty",
            Self::InvokeAction => "invokeaction",
            Self::QueryAction => "queryaction",
            Self::CancelAction => "cancelaction",
            Self::SubscribeEvent => "subscribeevent",
            Self::UnsubscribeEvent => "unsubscribeevent",
            Self::ReadAllProperties => "readallproperties",
            Self::WriteAllProperties => "writeallproperties",
            Self::ReadMultipleProperties => "readmultipleproperties",
            Self::WriteMultipleProperties => "writemultipleproperties",
            Self::ObserveAllProperties => "observeallproperties",
            Self::UnobserveAllProperties => "unobserveallproperties",
            Self::SubscribeAllEvents => "subscribeallevents",
            Self::UnsubscribeAllEvents => "unsubscribeallevents",
            Self::QueryAllActions => "queryallactions",
            Self::ListThings => "sb:things",
            Self::Describe => "sb:describe",
            Self::Grant => "sb:grant",
            Self::Revoke => "sb:revoke",
            Self::ListGrants => "sb:grants",
            Self::ReadAudit => "sb:audit",
            Self::Release => "sb:release",
            Self::Resync => "sb:resync",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_wire() {
        for operation in [
            Operation::ReadProperty,
            Operation::QueryAllActions,
            Operation::Resync,
        ] {
            let written = serde_json::to_value(operation).unwrap();

            assert_eq!(written, operation.name());
        }
    }
}
