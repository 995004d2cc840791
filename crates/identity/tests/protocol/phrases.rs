//! The 24 words and the mistakes that people make with them.

use proptest::prelude::*;
use streembit_identity::{AccountKey, PhraseError, RecoveryPhrase};
use zeroize::Zeroizing;

#[test]
fn is_bip_39_over_the_secret_key() {
    // Trezor's vectors for 256 bits of entropy.
    let zero = format!("{}art", "abandon ".repeat(23));
    let ones = format!("{}vote", "zoo ".repeat(23));
    for (seed, words) in [([0; 32], &zero), ([0xff; 32], &ones)] {
        let phrase = RecoveryPhrase::of(&AccountKey::from_seed(&Zeroizing::new(seed)));
        assert_eq!(phrase.reveal().as_str(), words);
        assert_eq!(
            *RecoveryPhrase::parse(words).unwrap().account_key().seed(),
            seed
        );
    }
}

#[test]
fn takes_any_case_and_any_blanks() {
    let words = format!("  {}\tART\n", "Abandon \n".repeat(23));

    assert!(RecoveryPhrase::parse(&words).is_ok());
}

#[test]
fn names_the_mistake() {
    let abandon = |count: usize| "abandon ".repeat(count);
    let table = [
        (String::new(), PhraseError::WordCount(0)),
        (abandon(12), PhraseError::WordCount(12)),
        (abandon(23), PhraseError::WordCount(23)),
        (abandon(25), PhraseError::WordCount(25)),
        (abandon(24), PhraseError::Checksum),
        (
            format!("{}abandn {}art", abandon(4), abandon(18)),
            PhraseError::UnknownWord(5),
        ),
        ("x".repeat(2_000), PhraseError::Long),
    ];
    for (text, mistake) in table {
        assert_eq!(RecoveryPhrase::parse(&text).unwrap_err(), mistake, "{text}");
    }
}

#[test]
fn never_prints_itself() {
    let phrase = RecoveryPhrase::of(&AccountKey::from_seed(&Zeroizing::new([0; 32])));

    assert_eq!(format!("{phrase:?}"), "RecoveryPhrase(..)");
}

proptest! {
    #[test]
    fn brings_every_account_back(seed in any::<[u8; 32]>()) {
        let key = AccountKey::from_seed(&Zeroizing::new(seed));
        let words = RecoveryPhrase::of(&key).reveal();

        prop_assert_eq!(RecoveryPhrase::parse(&words).unwrap().account_key().id(), key.id());
    }

    #[test]
    fn any_text_is_a_phrase_or_an_error(text in "\\PC{0,200}") {
        prop_assert!(RecoveryPhrase::parse(&text).is_err());
    }
}
