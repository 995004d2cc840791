//! The protocol's promises about keys, signed objects, records, links and backups.

#[cfg(test)]
mod acceptance;
#[cfg(test)]
mod backups;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod judge;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod links;
#[cfg(test)]
mod phrases;
#[cfg(test)]
mod records;
#[cfg(test)]
mod signed;
#[cfg(test)]
mod vectors;
