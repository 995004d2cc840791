//! Claims between processes while the power fails: in the end both sides hold the claim.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use streembit_tests::{Draft, NodeProcess, PATIENCE, Place, eventually};

/// Whose power fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Victim {
    Claimer,
    Host,
}

/// Alice with a private network, and a device that waits to be claimed.
struct Scene {
    place: Place,
    network: String,
    alice: NodeProcess,
    device: NodeProcess,
}

impl Scene {
    /// Starts both; the victim obeys `hook`, which counts from [`Self::arm`] on.
    async fn set(victim: Victim, hook: impl FnOnce(&Path) -> String) -> anyhow::Result<Self> {
        let place = Place::new()?;
        let hook = hook(&armed(&place));
        let hooked = |draft: Draft, who: Victim| match who == victim {
            true => draft.hook(&hook),
            false => draft,
        };
        let alice = hooked(place.node("Alice"), Victim::Claimer).start().await?;
        let device = hooked(place.node("Porch").kind("device"), Victim::Host)
            .start()
            .await?;
        let made = alice
            .call("network_create", json!({ "name": "Home" }))
            .await?;
        let network = made.get("network").and_then(Value::as_str);
        let network = network.context("a network")?.to_owned();
        eventually(PATIENCE, "an address in the network", || async {
            Ok((!alice.addresses_in(&network).await?.is_empty()).then_some(()))
        })
        .await?;
        Ok(Self {
            place,
            network,
            alice,
            device,
        })
    }

    /// From here on the victim's write points count.
    fn arm(&self) -> anyhow::Result<()> {
        Ok(std::fs::write(armed(&self.place), [])?)
    }

    async fn claim_by_its_code(&self) -> anyhow::Result<Value> {
        let offer = self.device.call("device_claim_link", json!({})).await?;
        Ok(json!({ "link": offer.get("link"), "network": self.network }))
    }

    /// Claims until the power fails, or to the end.
    async fn claim_until_it_is_dark(&mut self, victim: Victim, claim: Value) {
        let claimed = self.alice.attempt("device_claim", claim);
        match victim {
            Victim::Claimer => drop(claimed.await),
            // Alice goes on trying while the host comes back.
            Victim::Host => tokio::select! {
                _ = claimed => {}
                _ = self.device.ended(PATIENCE) => {}
            },
        }
    }

    /// Ends the victim, if its hook has not done so by now, and starts it again without.
    async fn restore_power(mut self, victim: Victim) -> anyhow::Result<Self> {
        match victim {
            Victim::Claimer => {
                self.alice.kill().await?;
                self.alice = self.place.node("Alice").start().await?;
            }
            Victim::Host => {
                self.device.kill().await?;
                self.device = self.place.node("Porch").kind("device").start().await?;
            }
        }
        Ok(self)
    }

    /// Does what a person would: the same code once more, then a new one if that is refused.
    async fn settle(&self, claim: Value) -> anyhow::Result<()> {
        let again = self.alice.attempt("device_claim", claim).await?;
        let is_decided = match &again {
            Ok(_) => true,
            Err(error) => error.code == "conflict" && error.message.contains("yours"),
        };
        if !is_decided {
            let claim = self.claim_by_its_code().await;
            let claim = claim.with_context(|| format!("after {again:?}"))?;
            self.alice.call("device_claim", claim).await?;
        }
        self.lamp_is_alices().await
    }

    async fn lamp_is_alices(&self) -> anyhow::Result<()> {
        let lamp = format!("streembit://{}/lamp", self.device.peer());
        let on = json!({ "thing": lamp, "property": "on", "value": true });
        eventually(PATIENCE, "a lamp that can be switched", || async {
            let answer = self.alice.attempt("device_write", on.clone()).await?;
            let answer = answer.map_err(anyhow::Error::from)?;
            Ok((answer.get("reported") == Some(&json!(true))).then_some(()))
        })
        .await?;
        let asked = json!({ "network": self.network });
        let members = self.alice.call("members_list", asked).await?;
        let count = members.as_array().map_or(0, Vec::len);
        ensure!(count == 2, "Alice and one device: {members}");
        Ok(())
    }

    fn logs(&self) -> String {
        format!(
            "Alice:\n{}\nPorch:\n{}",
            self.alice.log(),
            self.device.log()
        )
    }
}

fn armed(place: &Place) -> PathBuf {
    place.path().join("armed")
}

/// Counts the transactions of a claim that nothing disturbs.
async fn transactions(victim: Victim) -> anyhow::Result<usize> {
    let points = |armed: &Path| format!("points:{}", armed.with_file_name("points").display());
    let scene = Scene::set(victim, points).await?;
    let log = scene.place.path().join("points");
    let committed = || -> anyhow::Result<usize> {
        let lines = std::fs::read_to_string(&log)?;
        Ok(lines.lines().filter(|line| *line == "committed").count())
    };
    let claim = scene.claim_by_its_code().await?;
    let before = committed()?;
    scene.alice.call("device_claim", claim).await?;
    Ok(committed()? - before)
}

/// Cuts the power at every write of a claim, each time with a fresh pair.
async fn cut_everywhere(victim: Victim) -> anyhow::Result<()> {
    let last = transactions(victim).await?;
    ensure!(last > 2, "a claim writes: {last}");
    let before = cut_at(victim, "job", last);
    let after = cut_at(victim, "committed", last);
    tokio::try_join!(before, after)?;
    Ok(())
}

async fn cut_at(victim: Victim, point: &str, last: usize) -> anyhow::Result<()> {
    for nth in 1..=last {
        let hook = |armed: &Path| format!("kill-at:{point}:{nth}:{}", armed.display());
        let mut scene = Scene::set(victim, hook).await?;
        let claim = scene.claim_by_its_code().await?;
        scene.arm()?;
        scene.claim_until_it_is_dark(victim, claim.clone()).await;
        let scene = scene.restore_power(victim).await?;
        let settled = scene.settle(claim).await;
        settled.with_context(|| format!("{point} {nth} of {last}\n{}", scene.logs()))?;
    }
    Ok(())
}

#[tokio::test]
async fn host_that_loses_power_at_any_write_is_claimed_in_the_end() -> anyhow::Result<()> {
    cut_everywhere(Victim::Host).await
}

#[tokio::test]
async fn claimer_that_loses_power_at_any_write_owns_it_in_the_end() -> anyhow::Result<()> {
    cut_everywhere(Victim::Claimer).await
}
