//! The 24 words that bring an account back.

use std::fmt;

use bip39::{Language, Mnemonic};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::AccountKey;

/// Number of words.
const WORDS: usize = 24;

/// Longest text that is tried: 24 words of at most 8 letters leave ample room for blanks.
const MAX_TEXT: usize = 1_024;

/// The 24 words (BIP 39, English) that are the account's secret key.
#[derive(Clone)]
pub struct RecoveryPhrase(AccountKey);

/// Why a text is not a recovery phrase.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum PhraseError {
    /// All words exist, but they do not belong together.
    #[error("the words are all valid, but not together: one is mistaken or two are swapped")]
    Checksum,
    /// A text far longer than any phrase.
    #[error("the text is too long for a recovery phrase of 24 words")]
    Long,
    /// A word that is not in the list.
    #[error("word {0} is not in the list of recovery words")]
    UnknownWord(usize),
    /// Not 24 words.
    #[error("a recovery phrase has 24 words, not {0}")]
    WordCount(usize),
}

impl RecoveryPhrase {
    /// Returns the phrase of an account.
    pub fn of(key: &AccountKey) -> Self {
        Self(key.clone())
    }

    /// Reads a phrase as a person types it: any case, any blanks.
    ///
    /// # Errors
    ///
    /// Tells whether the number of words, one word, or the words together are wrong.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        if text.len() > MAX_TEXT {
            return Err(PhraseError::Long);
        }
        let words = Zeroizing::new(text.to_lowercase());
        let count = words.split_whitespace().count();
        if count != WORDS {
            return Err(PhraseError::WordCount(count));
        }
        let normal = Zeroizing::new(words.split_whitespace().collect::<Vec<_>>().join(" "));
        let mnemonic =
            Mnemonic::parse_in_normalized(Language::English, &normal).map_err(explain)?;
        Ok(Self(AccountKey::from_seed(&seed(&mnemonic))))
    }

    /// Returns the account's key.
    pub fn account_key(&self) -> AccountKey {
        self.0.clone()
    }

    /// Returns the 24 words.
    pub fn words(&self) -> Vec<&'static str> {
        Mnemonic::from_entropy_in(Language::English, self.0.seed().as_slice())
            .map(|mnemonic| mnemonic.words().collect())
            .unwrap_or_default()
    }

    /// Returns the words separated by blanks.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(self.words().join(" "))
    }
}

impl fmt::Debug for RecoveryPhrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryPhrase(..)")
    }
}

fn seed(mnemonic: &Mnemonic) -> Zeroizing<[u8; 32]> {
    let (entropy, _) = mnemonic.to_entropy_array();
    let entropy = Zeroizing::new(entropy);
    let mut seed = Zeroizing::new([0; 32]);
    seed.iter_mut()
        .zip(entropy.iter())
        .for_each(|(to, from)| *to = *from);
    seed
}

fn explain(error: bip39::Error) -> PhraseError {
    match error {
        bip39::Error::BadWordCount(count) => PhraseError::WordCount(count),
        bip39::Error::UnknownWord(index) => PhraseError::UnknownWord(index + 1),
        bip39::Error::InvalidChecksum
        | bip39::Error::BadEntropyBitCount(_)
        | bip39::Error::AmbiguousLanguages(_) => PhraseError::Checksum,
    }
}
