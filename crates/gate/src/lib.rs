//! Who may connect and who may do what: membership, contact rules, device grants.
