//! The command table, events and error codes.
