//! Where a profile keeps its secrets: the OS keyring or a sealed file.
