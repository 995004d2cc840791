//! The numbered steps from an empty file to today's form; each runs once, none is ever undone.

use rusqlite::Connection;

use crate::open::OpenError;
use crate::threads::Hook;

/// The steps in order; the form of a database is how many of them it has behind it.
const STEPS: [&str; 16] = [
    include_str!("migrations/0001_first_form.sql"),
    include_str!("migrations/0002_gate.sql"),
    include_str!("migrations/0003_changes.sql"),
    include_str!("migrations/0004_search.sql"),
    include_str!("migrations/0005_conversations.sql"),
    include_str!("migrations/0006_sealed.sql"),
    include_str!("migrations/0007_nodes.sql"),
    include_str!("migrations/0008_places.sql"),
    include_str!("migrations/0009_mailboxes.sql"),
    include_str!("migrations/0010_files.sql"),
    include_str!("migrations/0011_bounds.sql"),
    include_str!("migrations/0012_own_nodes.sql"),
    include_str!("migrations/0013_chains.sql"),
    include_str!("migrations/0014_mail_terms.sql"),
    include_str!("migrations/0015_groups.sql"),
    include_str!("migrations/0016_computers.sql"),
];

/// Refuses a database that a later version wrote.
pub(crate) fn refuse_newer(db: &Connection) -> Result<(), OpenError> {
    let (found, known) = (form(db)?, known());
    if found > known {
        Err(OpenError::Newer { found, known })
    } else {
        Ok(())
    }
}

/// Takes the steps that are missing, each in a transaction of its own.
pub(crate) fn run(db: &Connection, hook: Option<&Hook>) -> Result<(), OpenError> {
    let found = form(db)?;
    for (number, step) in (1_u32..)
        .zip(STEPS)
        .skip_while(|(number, _)| *number <= found)
    {
        let transaction = db.unchecked_transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", number)?;
        reached(hook, "migrate");
        transaction.commit()?;
        reached(hook, "migrated");
        tracing::debug!(number, "Took a migration step");
    }
    Ok(())
}

/// The last form that this version knows.
fn known() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

fn form(db: &Connection) -> Result<u32, OpenError> {
    Ok(db.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn reached(hook: Option<&Hook>, point: &'static str) {
    if let Some(hook) = hook {
        hook(point);
    }
}
