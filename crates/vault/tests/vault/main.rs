//! What a vault promises, with a keyring in memory and folders that go away.

#[cfg(test)]
mod file;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod full_disk;
#[cfg(test)]
mod keyring;
#[cfg(test)]
mod releases;
