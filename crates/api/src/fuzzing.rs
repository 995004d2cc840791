//! The private decoders of this crate, for the fuzz targets and nobody else.
//!
//! Each takes any bytes, and panics only if a promise is broken.

use std::{
    pin::pin,
    sync::LazyLock,
    task::{Context, Poll, Waker},
};

use serde_json::Value;

use crate::{
    Code,
    control::{Line, MAX_LINE, Request, lines::read_line},
    table,
};

/// What a client of the control socket sends, and what one is told.
pub fn control(mut data: &[u8]) {
    let mut context = Context::from_waker(Waker::noop());
    while let Poll::Ready(Ok(Some(line))) = pin!(read_line(&mut data, MAX_LINE)).poll(&mut context)
    {
        match Request::parse(&line) {
            Ok(request) => check(&request.command, request.arguments),
            Err(error) => assert_eq!(error.code, Code::InvalidArguments),
        }
        if let Ok(line) = serde_json::from_slice::<Line>(&line) {
            assert!(
                serde_json::to_vec(&line).is_ok(),
                "what was read is written"
            );
        }
    }
}

/// JSON as the arguments of each command.
pub fn command(data: &[u8]) {
    let Ok(arguments) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    for name in COMMANDS.iter() {
        check(name, arguments.clone());
    }
}

/// The names of all commands.
static COMMANDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| table::list().iter().map(|command| command.name).collect());

/// Refusals name what is wrong.
fn check(name: &str, arguments: Value) {
    if let Err(error) = table::check(name, arguments) {
        assert!(matches!(
            error.code,
            Code::InvalidArguments | Code::UnknownCommand
        ));
    }
}
