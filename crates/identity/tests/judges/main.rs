//! Programs from other hands judge what we seal: the COSE library `cwt` and the `age` tool.

#[cfg(test)]
mod age;
#[cfg(test)]
mod cose;
