//! What Robin says. Pure: words in, words out.

/// What Robin says first.
pub(super) const GREETING: &str = "Hello, I am Robin. I am a small program inside this app, and \
this network is on your computer only: nothing that we write leaves it. Write me something, or ask \
about the ticks, the lamp, or this network.";

/// Words that are listened for, and what is said to them; the first that fits counts.
const TOPICS: [(&[&str], &str); 6] = [
    (
        &["tick", "deliver", "queued", "read receipt", "state"],
        "The word under your message tells how far it is. Queued: kept on your machine. Sent: \
         handed to a connection. Delivered: my node has stored it and signed for it. Read: I have \
         seen it. It never shows more than was proven.",
    ),
    (
        &[
            "lamp",
            "light",
            "device",
            "thermostat",
            "sensor",
            "door",
            "lock",
        ],
        "Open Devices and use the switch of the practice lamp. It stays pending until the device \
         itself has said that it changed. There are a thermostat, a sensor and a door lock too.",
    ),
    (
        &["remove", "delete", "leave", "get rid", "end practice"],
        "You can remove all of this in one act: open Network and choose Remove the practice \
         network. I go then, the devices go, and so does this conversation.",
    ),
    (
        &["network", "member", "private", "who are you", "who is"],
        "This is a private network with three members: you, its admin; the practice home with its \
         devices; and me. Nobody else gets past its door. Look under Network to see us and \
         everything that an admin did.",
    ),
    (
        &["friend", "invite", "somebody else", "real"],
        "To meet somebody real, go to the public network, by the switcher above on the left, and \
         give them your invite from Contacts. Or make a private network of your own and add them.",
    ),
    (
        &[
            "hello",
            "hi",
            "hey",
            "good morning",
            "good evening",
            "help",
            "?",
        ],
        "Good to hear from you. Ask me about the ticks, the lamp, this network, how to invite a \
         friend, or how to remove all of this again.",
    ),
];

/// Characters of the other's words that are repeated.
const ECHO: usize = 200;

/// Returns the answer to `text`.
pub(super) fn answer(text: &str) -> String {
    let heard = text.to_lowercase();
    let fits = |(wanted, _): &&(&[&str], &str)| wanted.iter().any(|word| has(&heard, word));
    match TOPICS.iter().find(fits) {
        Some((_, said)) => (*said).to_owned(),
        None => format!(
            "You wrote \u{201c}{}\u{201d}, and it came through whole. Ask me about the ticks, the \
             lamp, or this network.",
            shortened(text.trim())
        ),
    }
}

/// Whether a word of `text` begins with `wanted`; signs count anywhere, short words only whole.
fn has(text: &str, wanted: &str) -> bool {
    let mut found = text.match_indices(wanted);
    found.any(|(at, _)| {
        let before = text.get(..at).and_then(|part| part.chars().next_back());
        let after = text
            .get(at + wanted.len()..)
            .and_then(|part| part.chars().next());
        let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let is_sign = !wanted.chars().any(char::is_alphanumeric);
        is_sign || (!is_letter(before) && (wanted.len() > 3 || !is_letter(after)))
    })
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(ECHO).collect();
    if shown.len() < text.len() {
        shown.push('\u{2026}');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_what_it_is_asked_about() {
        let cases = [
            ("What do the ticks mean?", "The word under"),
            ("where is the LAMP", "Open Devices"),
            ("Hi!", "Good to hear"),
            ("And then?", "Good to hear"),
            ("how do I remove this", "You can remove"),
            (
                "this is a thing",
                "You wrote \u{201c}this is a thing\u{201d}",
            ),
        ];
        for (asked, begins) in cases {
            let said = answer(asked);
            assert!(said.starts_with(begins), "{asked}: {said}");
        }
    }

    #[test]
    fn repeats_no_more_than_fits() {
        let said = answer(&"\u{e9}".repeat(5_000));

        assert!(
            said.contains('\u{2026}') && said.chars().count() < 400,
            "{said}"
        );
    }
}
