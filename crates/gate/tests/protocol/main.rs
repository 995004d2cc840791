//! What networks are made of, held to the published vectors.

#[cfg(test)]
mod vectors;
