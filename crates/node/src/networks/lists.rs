//! The plain list of members: written to a file, and a network made to follow one.

use std::path::Path;

use streembit_gate::{
    AuthorError, Binding, Ledger,
    list::{List, MAX_BYTES, Plan},
};
use streembit_identity::{AccountKey, NetworkId, Timestamp};
use tokio::fs;

use super::{NetworkError, members::decided};
use crate::{event::Event, node::Node};

/// What an import has changed or, as a dry run, would change.
#[derive(Clone, Debug, Default)]
pub struct ListChange {
    /// Added accounts.
    pub added: Vec<Binding>,
    /// Members with another name or role now.
    pub changed: Vec<Binding>,
    /// Removed members.
    pub removed: Vec<Binding>,
}

impl From<Plan> for ListChange {
    fn from(plan: Plan) -> Self {
        Self {
            added: plan.add,
            changed: plan.change.into_iter().map(|(_, after)| after).collect(),
            removed: plan.remove,
        }
    }
}

impl Node {
    /// Writes the members of a network into a TOML file; an existing file is replaced as a whole.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn network_export(&self, id: NetworkId, path: &Path) -> Result<(), NetworkError> {
        let (_, ledger) = self.private(&id)?;
        let text = List::of(ledger.roster()).to_toml();
        let temporary = path.with_extension("toml.part");
        let write = async {
            fs::write(&temporary, text).await?;
            fs::rename(&temporary, path).await
        };
        write.await.map_err(|source| file_error(path, source))
    }

    /// Makes the members of a network those of a TOML file; a dry run only tells the difference.
    ///
    /// # Errors
    /// See [`NetworkError`]; a list with a mistake changes nothing.
    pub async fn network_import(
        &self,
        id: NetworkId,
        path: &Path,
        dry_run: bool,
    ) -> Result<ListChange, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        let list = List::parse(&read(path).await?)?;
        let plan = list.plan(ledger.roster(), self.me().account);
        if dry_run || plan.is_empty() {
            return Ok(plan.into());
        }
        // Each operation builds on the one before, so they are made on a copy first: all or none.
        let mut draft = Draft {
            ledger: Ledger::clone(&ledger),
            operations: Vec::new(),
        };
        draft.follow(&plan, &self.me().account_key, self.now())?;
        network.keeper().learn(decided(draft.operations)).await?;
        network.wake();
        self.emit(Event::Network { network: id });
        Ok(plan.into())
    }
}

/// Operations made one after the other, before any of them counts.
struct Draft {
    ledger: Ledger,
    operations: Vec<Vec<u8>>,
}

impl Draft {
    fn follow(
        &mut self,
        plan: &Plan,
        key: &AccountKey,
        now: Timestamp,
    ) -> Result<(), NetworkError> {
        for gone in &plan.remove {
            self.push(self.ledger.author_remove(key, gone.account, now)?)?;
        }
        for (before, after) in &plan.change {
            if before.role != after.role {
                self.push(
                    self.ledger
                        .author_set_role(key, after.account, after.role, now)?,
                )?;
            }
            if before.name != after.name {
                let name = after.name.clone();
                self.push(self.ledger.author_set_name(key, after.account, name, now)?)?;
            }
        }
        for new in &plan.add {
            let name = new.name.clone();
            self.push(
                self.ledger
                    .author_add(key, new.account, name, new.role, now)?,
            )?;
        }
        Ok(())
    }

    fn push(&mut self, operation: Vec<u8>) -> Result<(), NetworkError> {
        self.ledger.insert(&operation).map_err(AuthorError::from)?;
        self.operations.push(operation);
        Ok(())
    }
}

async fn read(path: &Path) -> Result<String, NetworkError> {
    let size = fs::metadata(path)
        .await
        .map_err(|source| file_error(path, source))?
        .len();
    if size > MAX_BYTES as u64 {
        return Err(NetworkError::Invalid(format!(
            "{} is too large for a list",
            path.display()
        )));
    }
    fs::read_to_string(path)
        .await
        .map_err(|source| file_error(path, source))
}

fn file_error(path: &Path, source: std::io::Error) -> NetworkError {
    NetworkError::File {
        path: path.display().to_string(),
        source,
    }
}
