//! `claim`: shows the claim link of an unclaimed device.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use fast_qr::QRBuilder;
use serde_json::{Value, json};
use streembit_api::{Code, control::Client};

use crate::{arguments::Folder, failure::Failure};

/// Prints the link on a line of its own, and then its QR code.
pub(crate) async fn claim(folder: Folder) -> Result<ExitCode, Failure> {
    let mut client = Client::connect(&folder.path()?).await?;
    let claim = client.call("device_claim_link", json!({})).await?;
    let link = claim
        .get("link")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let code = QRBuilder::new(link)
        .build()
        .map_err(|_| Failure::new(Code::TooLarge, "the link does not fit into a QR code"))?;
    let mut out = io::stdout().lock();
    writeln!(out, "{link}\n\n{}", code.to_str())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
