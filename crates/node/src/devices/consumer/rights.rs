//! Rights on other hosts' things, and their audit: asked of the host, which decides.

use serde_json::{Value, json};
use streembit_gate::Level;
use streembit_identity::{AccountId, Timestamp};
use streembit_things::{Operation, ThingUrl};

use crate::{
    devices::{AuditView, DeviceError, GrantView, host::to_view},
    event::Event,
    node::Node,
};

/// A right that is to be given.
#[derive(Clone, Debug)]
pub struct GrantWish {
    /// With which affordances; with all if empty.
    pub affordances: Vec<String>,
    /// On which host.
    pub device: AccountId,
    /// Until when, if not for good.
    pub expires_at: Option<Timestamp>,
    /// How much.
    pub level: Level,
    /// To whom.
    pub peer: AccountId,
    /// With which thing; with all of the host's if none.
    pub thing: Option<ThingUrl>,
}

impl Node {
    /// Gives an account a right on a host.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_grant(&self, wish: GrantWish) -> Result<GrantView, DeviceError> {
        if wish
            .thing
            .as_ref()
            .is_some_and(|thing| thing.host != wish.device)
        {
            return Err(DeviceError::Invalid(
                "the thing is of another device".to_owned(),
            ));
        }
        let mut request = self.request(None, Operation::Grant);
        request.value = Some(json!({
            "peer": wish.peer.to_string(),
            "level": wish.level.to_string(),
            "expires_at": wish.expires_at.map(Timestamp::as_millis),
            "thing": wish.thing.as_ref().map(|thing| thing.name.as_str()),
            "affordances": wish.affordances,
        }));
        let outcome = self.ask_host(None, wish.device, &request).await?;
        let grant = to_view(&outcome.output.unwrap_or_default(), wish.device);
        let grant =
            grant.ok_or_else(|| DeviceError::Internal("the device told no grant".to_owned()))?;
        self.emit(Event::Grant { host: wish.device });
        Ok(self.named(wish.device, grant).await)
    }

    /// Takes all rights of an account on a host; what it observes there ends at once.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_revoke(
        &self,
        device: AccountId,
        peer: AccountId,
    ) -> Result<(), DeviceError> {
        let mut request = self.request(None, Operation::Revoke);
        request.value = Some(json!({"peer": peer.to_string()}));
        self.ask_host(None, device, &request).await?;
        self.emit(Event::Grant { host: device });
        Ok(())
    }

    /// Lists who has which right on a host.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_grants(&self, device: AccountId) -> Result<Vec<GrantView>, DeviceError> {
        let request = self.request(None, Operation::ListGrants);
        let outcome = self.ask_host(None, device, &request).await?;
        let rows = outcome.output.unwrap_or_default();
        let mut grants = Vec::new();
        for row in rows.as_array().into_iter().flatten() {
            if let Some(grant) = to_view(row, device) {
                grants.push(self.named(device, grant).await);
            }
        }
        Ok(grants)
    }

    /// Lists what was done with a host's things, newest first.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_audit(
        &self,
        device: AccountId,
        before: Option<u64>,
        limit: Option<u32>,
    ) -> Result<Vec<AuditView>, DeviceError> {
        let mut request = self.request(None, Operation::ReadAudit);
        request.value = Some(json!({"before": before, "limit": limit}));
        let outcome = self.ask_host(None, device, &request).await?;
        let rows = outcome.output.unwrap_or_default();
        Ok(rows
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(to_audit)
            .collect())
    }

    /// Adds what the account is called here.
    async fn named(&self, device: AccountId, grant: GrantView) -> GrantView {
        if grant.peer == self.me().account {
            return GrantView {
                name: Some(self.name().to_string()),
                ..grant
            };
        }
        let Ok(network) = self.network_of_host(device).await else {
            return grant;
        };
        let member = self.network(&network).and_then(|live| {
            let ledger = live.ledger()?;
            Some(ledger.roster().member(grant.peer)?.name.to_string())
        });
        let name = match member {
            Some(name) => Some(name),
            None => crate::contacts::name_of(self, network, grant.peer).await,
        };
        GrantView { name, ..grant }
    }
}

fn to_audit(row: &Value) -> Option<AuditView> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| row.get(name).and_then(Value::as_u64);
    Some(AuditView {
        affordance: text("affordance"),
        at: Timestamp(number("at")?),
        id: number("id")?,
        operation: text("operation")?,
        outcome: text("outcome")?,
        peer: text("peer")?.parse().ok()?,
        thing: text("thing")?,
    })
}
