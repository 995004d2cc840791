//! Bytes sealed with a passphrase in the format of the `age` tool.
//!
//! What the bytes mean is their owner's matter. The standard `age` tool opens a sealed file.

use std::io::{Read, Write};
use std::iter;

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor, scrypt};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::Passphrase;

/// Exponent of the cost of one attempt at the passphrase: 128 MiB, about half a second.
const WORK_FACTOR: u8 = 17;

/// Highest cost that is paid to open a file: 1 GiB.
const MAX_WORK_FACTOR: u8 = 20;

/// Largest content of a sealed file.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;

/// Why sealing failed.
#[derive(Debug, Error)]
pub enum SealError {
    /// The passphrase has no character.
    #[error("the passphrase is empty")]
    Empty,
    /// The writer of the format failed.
    #[error("the content could not be sealed")]
    Encrypt(#[from] std::io::Error),
    /// The format refused the recipient.
    #[error("the passphrase could not be used")]
    Passphrase(#[from] age::EncryptError),
    /// More than [`MAX_BYTES`].
    #[error("the content is too large")]
    TooLarge,
}

/// Why opening failed.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum OpenError {
    /// It was cut off or changed.
    #[error("the file is damaged: fetch another copy")]
    Damaged,
    /// It is not an age file.
    #[error("this is not a sealed file of Streembit or age")]
    NotSealed,
    /// It is sealed for a key, not with a passphrase.
    #[error("the file is sealed for a key, not with a passphrase")]
    OtherRecipient,
    /// Content or key stretching beyond the limits.
    #[error("opening the file would take too much memory")]
    TooLarge,
    /// Not the passphrase that sealed it.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
}

/// Seals bytes with a passphrase.
///
/// # Errors
///
/// Refuses an empty passphrase and content above [`MAX_BYTES`].
pub fn seal(passphrase: &Passphrase, content: &[u8]) -> Result<Vec<u8>, SealError> {
    if passphrase.is_empty() {
        return Err(SealError::Empty);
    }
    if content.len() > MAX_BYTES {
        return Err(SealError::TooLarge);
    }
    let mut recipient = scrypt::Recipient::new(secret(passphrase));
    recipient.set_work_factor(WORK_FACTOR);
    let encryptor = Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient))?;

    let mut sealed = Vec::with_capacity(content.len() + 1_024);
    let mut writer = encryptor.wrap_output(&mut sealed)?;
    writer.write_all(content)?;
    writer.finish()?;
    Ok(sealed)
}

/// Opens what [`seal`] or `age --passphrase` sealed.
///
/// # Errors
///
/// Tells a wrong passphrase from a damaged file and from one that never was sealed so.
pub fn open(passphrase: &Passphrase, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let decryptor = Decryptor::new_buffered(sealed).map_err(explain)?;
    if !decryptor.is_scrypt() {
        return Err(OpenError::OtherRecipient);
    }
    let mut identity = scrypt::Identity::new(secret(passphrase));
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    let reader = decryptor
        .decrypt(iter::once(&identity as &dyn age::Identity))
        .map_err(explain)?;

    // The reserve keeps the content in one place, so that dropping it wipes it.
    let mut content = Zeroizing::new(Vec::with_capacity(sealed.len().min(MAX_BYTES) + 1));
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    reader
        .take(limit + 1)
        .read_to_end(&mut content)
        .map_err(|_| OpenError::Damaged)?;
    if content.len() > MAX_BYTES {
        return Err(OpenError::TooLarge);
    }
    Ok(content)
}

fn secret(passphrase: &Passphrase) -> SecretString {
    SecretString::from(passphrase.reveal().to_owned())
}

fn explain(error: DecryptError) -> OpenError {
    match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            OpenError::WrongPassphrase
        }
        DecryptError::ExcessiveWork { .. } => OpenError::TooLarge,
        DecryptError::InvalidHeader | DecryptError::UnknownFormat => OpenError::NotSealed,
        DecryptError::InvalidMac | DecryptError::Io(_) => OpenError::Damaged,
        DecryptError::NoMatchingKeys => OpenError::OtherRecipient,
        _ => OpenError::NotSealed,
    }
}
