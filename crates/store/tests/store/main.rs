//! The store as its callers see it, and as a power cut leaves it.

#[cfg(test)]
mod acts;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod chains;
#[cfg(test)]
mod choices;
#[cfg(test)]
mod contacts;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod files;
mod fixture;
#[cfg(test)]
mod full;
#[cfg(test)]
mod group;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod network_invites;
mod networks;
mod nodes;
#[cfg(test)]
mod opening;
mod ratchets;
#[cfg(test)]
mod search;
#[cfg(test)]
mod support;
