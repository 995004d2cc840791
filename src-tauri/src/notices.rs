//! The desktop's notifications: one for each conversation, replaced, taken away, and clicked.

use std::time::Duration;

use futures::StreamExt as _;
use tracing::debug;
use zbus::{Connection, Proxy, connection, proxy::SignalStream, zvariant::Value};

use crate::shell::Talk;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// How long the desktop may take to answer.
const DEADLINE: Duration = Duration::from_secs(5);

/// Notifications that are remembered; the oldest is taken away for another.
const MOST: usize = 64;

/// The action that a click on the notification itself is.
const CLICK: &str = "default";

/// What is shown of one conversation.
struct Shown {
    id: u32,
    talk: Talk,
    /// The place of its newest message.
    order: u64,
}

/// What is on the desktop of this profile.
pub(crate) struct Notices {
    desktop: Option<Desktop>,
    shown: Vec<Shown>,
}

/// The program that shows notifications.
struct Desktop {
    clicks: SignalStream<'static>,
    proxy: Proxy<'static>,
}

impl Notices {
    /// Begins with none; where there is no session bus, it stays so.
    pub(crate) async fn new() -> Self {
        let desktop = Desktop::connect().await;
        let desktop = desktop
            .inspect_err(|error| debug!(%error, "No notifications"))
            .ok();
        Self {
            desktop,
            shown: Vec::new(),
        }
    }

    /// Shows the message at `order`, in the place of an earlier one of the same conversation.
    pub(crate) async fn show(&mut self, talk: Talk, order: u64, title: &str, body: &str) {
        let Some(desktop) = &self.desktop else { return };
        let earlier = self.shown.iter().find(|shown| shown.talk == talk);
        if earlier.is_some_and(|shown| shown.order >= order) {
            return;
        }
        let replaces = earlier.map_or(0, |shown| shown.id);
        match desktop.notify(replaces, title, body).await {
            Ok(id) => {
                self.shown.retain(|shown| shown.talk != talk);
                self.shown.push(Shown { id, talk, order });
            }
            Err(error) => debug!(%error, "Not announced"),
        }
        if self.shown.len() > MOST {
            let oldest = self.shown.remove(0);
            self.take_away(oldest.id).await;
        }
    }

    /// Takes away what is shown of conversations that `is_over` names.
    pub(crate) async fn close(&mut self, is_over: impl Fn(&Talk) -> bool) {
        let (over, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.shown)
            .into_iter()
            .partition(|shown| is_over(&shown.talk));
        self.shown = rest;
        for shown in over {
            self.take_away(shown.id).await;
        }
    }

    /// Waits for a click, and returns the conversation that was clicked.
    pub(crate) async fn clicked(&mut self) -> Talk {
        loop {
            let Some(desktop) = &mut self.desktop else {
                return std::future::pending().await;
            };
            let Some(message) = desktop.clicks.next().await else {
                self.desktop = None;
                continue;
            };
            let Ok((id, action)) = message.body().deserialize::<(u32, String)>() else {
                continue;
            };
            let place = self.shown.iter().position(|shown| shown.id == id);
            if let Some(place) = place.filter(|_| action == CLICK) {
                return self.shown.remove(place).talk;
            }
        }
    }

    async fn take_away(&self, id: u32) {
        if let Some(desktop) = &self.desktop
            && let Err(error) = desktop
                .proxy
                .call::<_, _, ()>("CloseNotification", &(id,))
                .await
        {
            debug!(%error, "Not taken away");
        }
    }
}

impl Desktop {
    async fn connect() -> zbus::Result<Self> {
        let bus: Connection = connection::Builder::session()?
            .method_timeout(DEADLINE)
            .build()
            .await?;
        let proxy = Proxy::new(&bus, NAME, PATH, NAME).await?;
        let clicks = proxy.receive_signal("ActionInvoked").await?;
        Ok(Self { clicks, proxy })
    }

    async fn notify(&self, replaces: u32, title: &str, body: &str) -> zbus::Result<u32> {
        let can: Vec<String> = self.proxy.call("GetCapabilities", &()).await?;
        let body = match can.iter().any(|it| it == "body-markup") {
            true => plain(body),
            false => body.to_owned(),
        };
        let hints = std::collections::HashMap::from([
            ("category", Value::from("im.received")),
            ("desktop-entry", Value::from("streembit")),
        ]);
        let actions = vec![CLICK, "Open"];
        let usual_time = -1_i32;
        self.proxy
            .call(
                "Notify",
                &(
                    "Streembit",
                    replaces,
                    "streembit",
                    title,
                    body,
                    actions,
                    hints,
                    usual_time,
                ),
            )
            .await
    }
}

/// A text that shows as it is where the desktop would read it as markup.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_write_is_no_markup() {
        let text = "<img src=\"http://x\"> & <b>you</b>";

        let shown = plain(text);

        assert_eq!(
            shown,
            "&lt;img src=\"http://x\"&gt; &amp; &lt;b&gt;you&lt;/b&gt;"
        );
    }
}
