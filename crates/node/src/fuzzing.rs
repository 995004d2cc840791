//! The private decoders of this crate, for the fuzz targets and nobody else.
//!
//! Each takes any bytes, and panics only if a promise is broken.

use std::sync::LazyLock;

use futures::{FutureExt as _, io::Cursor};
use libp2p::{StreamProtocol, request_response::Codec as _};
use minicbor::{Decode, Encode};
use streembit_identity::{RecoveryPhrase, Timestamp};
use streembit_store::{Backup, ImportError, Store, StoreError};
use tokio::runtime::{Builder, Runtime};

use crate::{
    chat::{
        body::{
            Delete, Edit, Gaps, React, Read, Receipt, Text, Typing, check_text, decode, encode,
        },
        emoji,
    },
    contacts::body::{Answer, Request},
    files::preview::{self, Preview},
    groups::body as group,
    mailbox::body as mail,
    net::{
        codec::{Frames, MAX_FRAME_BYTES},
        keeper::Learning,
    },
    profile::{ProfileError, backup},
    reach::{full_addresses, split_address},
    sealed::{Keys, Reset},
    wire,
};

/// How far private networks have got, as a keyring or a file tells it.
pub use crate::networks::marks::fuzz as marks;

/// Addresses of nodes, as people and other programs write them.
pub fn address(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Some((node, address)) = split_address(text) {
        let again = full_addresses(&node, std::slice::from_ref(&address));
        assert_eq!(again.len(), 1);
        for text in again {
            assert_eq!(split_address(&text), Some((node, address.clone())));
        }
    }
}

/// What a sealed backup held, put into an empty profile.
pub fn backup_content(data: &[u8]) {
    let opened = match backup::parse(data) {
        Ok(opened) => opened,
        Err(error) => {
            let told = matches!(error, ProfileError::NotABackup | ProfileError::Phrase(_));
            return assert!(told, "{error}");
        }
    };
    let again = RecoveryPhrase::parse(&opened.phrase.reveal());
    assert!(again.is_ok(), "the words are a phrase");
    RUNTIME.block_on(restore(opened.profile));
}

/// Bodies of texts, receipts, acts on messages, contact requests and their answers, of what
/// groups say, and of what mailboxes are asked.
pub fn body(data: &[u8]) {
    if let Some(text) = decode::<Text>(data) {
        assert_eq!(encode(&text), data);
        assert!(check_text(&text.text).is_err() || !text.text.trim().is_empty());
    }
    if let Some(receipt) = decode::<Receipt>(data) {
        assert_eq!(encode(&receipt), data);
    }
    if let Some(read) = decode::<Read>(data) {
        assert_eq!(encode(&read), data);
    }
    if let Some(react) = decode::<React>(data) {
        assert_eq!(encode(&react), data);
        assert!(emoji::check(&react.emoji).is_err() || react.emoji.len() <= emoji::MAX_BYTES);
    }
    if let Some(edit) = decode::<Edit>(data) {
        assert_eq!(encode(&edit), data);
        assert!(check_text(&edit.text).is_err() || !edit.text.trim().is_empty());
    }
    if let Some(typing) = decode::<Typing>(data) {
        assert_eq!(encode(&typing), data);
    }
    if let Some(said) = Gaps::read(data) {
        assert_eq!(Gaps::write(&said), data);
    }
    if let Some(delete) = decode::<Delete>(data) {
        assert_eq!(encode(&delete), data);
    }
    if let Some(keys) = decode::<Keys>(data) {
        assert_eq!(encode(&keys), data);
    }
    if let Some(reset) = decode::<Reset>(data) {
        assert_eq!(encode(&reset), data);
    }
    one_encoding::<group::Operations>(data);
    one_encoding::<group::Keyed>(data);
    one_encoding::<group::Post>(data);
    one_encoding::<group::Ask>(data);
    one_encoding::<mail::Deposit>(data);
    one_encoding::<mail::Deposited>(data);
    one_encoding::<mail::Collect>(data);
    one_encoding::<mail::Page>(data);
    one_encoding::<mail::Done>(data);
    one_encoding::<mail::MailReceipt>(data);
    one_encoding::<mail::Ask>(data);
    one_encoding::<mail::Terms>(data);
    one_encoding::<crate::files::Piece>(data);
    one_encoding::<mail::Letter>(data);
    if let Some(request) = decode::<Request>(data) {
        assert_eq!(encode(&request), data);
    }
    if let Some(answer) = decode::<Answer>(data) {
        assert_eq!(encode(&answer), data);
    }
}

/// Whatever is read as a `T` is written as it was.
fn one_encoding<T>(data: &[u8])
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    if let Some(body) = decode::<T>(data) {
        assert_eq!(encode(&body), data);
    }
}

/// Frames of the request protocol, and the answers in them.
pub fn frame(data: &[u8]) {
    let protocol = StreamProtocol::new("/fuzz");
    let mut frames = Frames::default();
    let request = frames
        .read_request(&protocol, &mut Cursor::new(data))
        .now_or_never();
    let answer = frames
        .read_response(&protocol, &mut Cursor::new(data))
        .now_or_never();
    let request = request.map(|read| read.map(|frame| frame.bytes).ok());
    let answer = answer.map(Result::ok);
    assert_eq!(request, answer, "both ways are read alike");
    let Some(Some(frame)) = answer else { return };
    assert!(frame.len() <= MAX_FRAME_BYTES);
    match wire::open(&frame) {
        Ok(Ok(envelope)) => assert_eq!(wire::answer(envelope), frame),
        Ok(Err(refusal)) => assert_eq!(wire::refusal(refusal), frame),
        Err(wire::UnknownAnswer) => {}
    }
}

/// A file that came, looked at before it is shown.
pub fn preview(data: &[u8]) {
    let _ = preview::is_drawable(data);
    if let Some(Preview::Text { text, .. }) = preview::text(data, data.len() as u64 + 1) {
        assert!(data.starts_with(text.as_bytes()), "it shows what is there");
    }
}

/// What members tell each other about their network.
pub fn roster(data: &[u8]) {
    if let Some(told) = Learning::decode(data) {
        assert_eq!(told.encode(), data, "one roster, one encoding");
    }
}

/// Drives the store.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| match Builder::new_current_thread().build() {
    Ok(runtime) => runtime,
    Err(error) => unreachable!("a runtime without drivers always builds: {error}"),
});

/// What is put back can be taken, and put back, again.
async fn restore(backup: Backup) {
    let Some(taken) = copy(backup).await else {
        return;
    };
    let again = copy(taken.clone()).await;
    assert_eq!(again, Some(taken));
}

/// Puts a backup into an empty store and takes it again, unless it is refused.
async fn copy(backup: Backup) -> Option<Backup> {
    let Ok(store) = Store::in_memory().await else {
        unreachable!("an empty store opens");
    };
    match store.import(backup, Timestamp(1_800_000_000_000)).await {
        Ok(()) => {
            let taken = store.export().await;
            assert!(taken.is_ok(), "{taken:?}");
            taken.ok()
        }
        Err(ImportError::Newer { .. }) => None,
        Err(ImportError::Store(error)) => {
            assert!(!matches!(error, StoreError::Stopped), "the thread lives");
            None
        }
        Err(ImportError::NotEmpty) => unreachable!("nothing is in it yet"),
    }
}
