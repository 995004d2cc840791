//! Settings, seeds and diagnostics.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Node, ThingUrl, Time};

/// Light, dark, or as the system is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Appearance {
    /// Dark.
    Dark,
    /// Light.
    Light,
    /// As the system is.
    #[default]
    System,
}

/// What an announcement on the desktop says of a message.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NotificationContent {
    /// Who wrote, and what.
    #[default]
    Full,
    /// Who wrote.
    Name,
    /// That somebody wrote.
    Nothing,
}

/// What closing the window does.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OnClose {
    /// Ask each time there is no tray; stay in the tray otherwise.
    #[default]
    Ask,
    /// Keep the node running.
    Keep,
    /// Quit.
    Quit,
}

/// What the profile remembers about how its person likes it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Settings {
    /// Light, dark, or as the system is.
    pub appearance: Appearance,
    /// Whether new messages are announced on the desktop.
    pub notifications: bool,
    /// What an announcement says.
    pub notification_content: NotificationContent,
    /// Whether others are told that a message was read.
    pub read_receipts: bool,
    /// Whether others are told that something is being written, and it is shown when they write.
    pub typing: bool,
    /// Whether strangers of the public network may ask to be a contact.
    pub contact_requests: bool,
    /// Whether anyone in the public network finds this account by its name.
    pub findable: bool,
    /// Up to how many bytes a file of somebody known is taken without asking; 0 for never.
    pub files_auto_accept: u64,
    /// Where files go; an empty text for the system's folder for downloads.
    pub downloads: String,
    /// What closing the window does.
    pub on_close: OnClose,
    /// Whether it was said once that the node goes on in the tray.
    pub tray_hint_seen: bool,
    /// Whether the 24 words were asked back and known.
    pub phrase_kept: bool,
    /// Whether the first run was walked to its end.
    pub first_run_done: bool,
    /// The things that are shown first, at most 256.
    pub favourites: Vec<ThingUrl>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            appearance: Appearance::System,
            notifications: true,
            notification_content: NotificationContent::Full,
            read_receipts: true,
            typing: true,
            contact_requests: true,
            findable: false,
            files_auto_accept: 10 * 1024 * 1024,
            downloads: String::new(),
            on_close: OnClose::Ask,
            tray_hint_seen: false,
            phrase_kept: false,
            first_run_done: false,
            favourites: Vec::new(),
        }
    }
}

/// The settings to change; what is left out stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct SettingsChange {
    /// Light, dark, or as the system is.
    pub appearance: Option<Appearance>,
    /// Whether new messages are announced on the desktop.
    pub notifications: Option<bool>,
    /// What an announcement says.
    pub notification_content: Option<NotificationContent>,
    /// Whether others are told that a message was read.
    pub read_receipts: Option<bool>,
    /// Whether others are told that something is being written, and it is shown when they write.
    pub typing: Option<bool>,
    /// Whether strangers of the public network may ask to be a contact.
    pub contact_requests: Option<bool>,
    /// Whether anyone in the public network finds this account by its name.
    pub findable: Option<bool>,
    /// Up to how many bytes a file of somebody known is taken without asking; 0 for never.
    pub files_auto_accept: Option<u64>,
    /// Where files go: an absolute path, or an empty text for the system's folder for downloads.
    pub downloads: Option<String>,
    /// What closing the window does.
    pub on_close: Option<OnClose>,
    /// Whether it was said once that the node goes on in the tray.
    pub tray_hint_seen: Option<bool>,
    /// Whether the 24 words were asked back and known.
    pub phrase_kept: Option<bool>,
    /// Whether the first run was walked to its end.
    pub first_run_done: Option<bool>,
    /// The things that are shown first, at most 256.
    pub favourites: Option<Vec<ThingUrl>>,
}

/// A node of the public network that is asked first.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Seed {
    /// Its multiaddress, ending in `/p2p/<node>`.
    pub address: String,
    /// Its PeerId.
    pub node: Node,
    /// When it was added.
    pub added_at: Time,
    /// Whether it is connected now.
    pub connected: bool,
}

/// Names a seed by its link or by its address.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct SeedRef {
    /// A `streembit:seed/…` link.
    pub link: Option<String>,
    /// A multiaddress ending in `/p2p/<node>`.
    pub address: Option<String>,
}
