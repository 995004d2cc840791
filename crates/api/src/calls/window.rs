//! Commands about the desktop app's window.

use serde::{Deserialize, Serialize};

use crate::{Code, Error, Host};

/// Asks for the window.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub(crate) struct WindowShow {
    /// A link to show for inspection.
    pub link: Option<String>,
}

pub(crate) async fn show(host: &Host, arguments: WindowShow) -> Result<(), Error> {
    let window = host.window().ok_or_else(|| {
        Error::new(
            Code::Unsupported,
            "a headless node is using this data folder: end it first",
        )
    })?;
    window.show(arguments.link);
    Ok(())
}
