//! Keys, certificates, signed envelopes, recovery phrase and sealed backups.
