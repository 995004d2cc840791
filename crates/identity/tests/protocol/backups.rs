//! Sealed files: one passphrase, one format, honest errors.

use streembit_identity::Passphrase;
use streembit_identity::backup::{OpenError, SealError, open, seal};

#[test]
fn tells_a_wrong_passphrase_from_a_damaged_file() {
    let right = Passphrase::from("correct horse battery staple");
    let content = b"everything that matters".repeat(50);
    let sealed = seal(&right, &content).unwrap();

    assert_eq!(*open(&right, &sealed).unwrap(), content);
    assert_eq!(
        open(&Passphrase::from("wrong"), &sealed).unwrap_err(),
        OpenError::WrongPassphrase
    );

    let mut damaged = sealed.clone();
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(open(&right, &damaged).unwrap_err(), OpenError::Damaged);
    assert_eq!(
        open(&right, &sealed[..sealed.len() - 20]).unwrap_err(),
        OpenError::Damaged
    );
}

#[test]
fn says_when_a_file_was_never_sealed_so() {
    let passphrase = Passphrase::from("x");
    for bytes in [&b""[..], b"hello", b"age-encryption.org/v1\n", &[0; 4_000]] {
        assert!(matches!(
            open(&passphrase, bytes),
            Err(OpenError::NotSealed | OpenError::Damaged)
        ));
    }
}

#[test]
fn refuses_files_that_cost_too_much_to_open() {
    let header = "age-encryption.org/v1\n-> scrypt rF0/NwblUHHTpgQgRpe5CQ 30\n\
                  gUjEymFKMVXQEKdMMHL24oYexjE3TIC0O0zGSqJ2aUY\n\
                  --- IOXqJYbVxXyLlbXHEnVaOhi2CJGlZXHj4VxgxhzfZgk\n0123456789012345678901234567890123456789";

    let refusal = open(&Passphrase::from("x"), header.as_bytes()).unwrap_err();

    assert!(matches!(refusal, OpenError::TooLarge), "{refusal:?}");
}

#[test]
fn refuses_an_empty_passphrase() {
    assert!(matches!(
        seal(&Passphrase::from(""), b"x"),
        Err(SealError::Empty)
    ));
}

#[test]
fn a_passphrase_never_prints_itself() {
    assert_eq!(
        format!("{:?}", Passphrase::from("hunter2")),
        "Passphrase(..)"
    );
}
