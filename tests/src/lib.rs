//! The harness: real nodes and real windows, driven from tests.
