//! Names of files that are safe to show and to make: no way to another folder, nothing hidden.

use std::fmt;

use streembit_identity::is_hidden;

/// Longest name, in bytes: with what a file system or a second copy adds it stays below 255.
pub const MAX_NAME: usize = 180;

/// Longest ending that is kept when a name is cut, in bytes.
const MAX_ENDING: usize = 24;

/// Names that mean devices on Windows, whatever their ending.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The name of a file, without a folder.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FileName(String);

impl FileName {
    /// Makes a safe name of any text: what could mislead is replaced or left out.
    pub fn sanitised(text: &str) -> Self {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let clean: String = last
            .chars()
            .filter(|character| !is_hidden(*character))
            .map(|character| match character {
                ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
                character if character.is_whitespace() => ' ',
                character => character,
            })
            .collect();
        // Neither hidden by a dot in front nor one that Windows would call otherwise.
        let clean = clean.trim_start_matches(['.', ' ']);
        let clean = cut(clean.trim_end_matches(['.', ' ']));
        let clean = clean.trim_end_matches(['.', ' ']);
        let stem = clean.split('.').next().unwrap_or_default().trim_end();
        if clean.is_empty() {
            return Self("file".to_owned());
        }
        if RESERVED.contains(&stem.to_ascii_lowercase().as_str()) {
            return Self(format!("_{clean}"));
        }
        Self(clean.to_owned())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same name with a number, for when there is such a file already.
    pub fn numbered(&self, number: u32) -> Self {
        let (stem, ending) = split(&self.0);
        Self(format!("{stem} ({number}){ending}"))
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Splits a name before its ending, if that is one.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= MAX_ENDING => name.split_at(at),
        Some(_) | None => (name, ""),
    }
}

/// Cuts the stem of a name that is too long.
fn cut(name: &str) -> String {
    if name.len() <= MAX_NAME {
        return name.to_owned();
    }
    let (stem, ending) = split(name);
    let room = MAX_NAME - ending.len();
    let end = (0..=room)
        .rev()
        .find(|end| stem.is_char_boundary(*end))
        .unwrap_or_default();
    let stem = stem.get(..end).unwrap_or_default();
    format!("{}{ending}", stem.trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_attack_become_harmless() {
        let tried = [
            ("holiday.jpg", "holiday.jpg"),
            ("../../.ssh/authorized_keys", "authorized_keys"),
            ("..\\..\\autorun.inf", "autorun.inf"),
            ("/etc/passwd", "passwd"),
            ("C:\\Windows\\x.dll", "x.dll"),
            (".bashrc", "bashrc"),
            ("..", "file"),
            ("", "file"),
            ("a/", "file"),
            ("gpj.\u{202e}exe", "gpj.exe"),
            ("line\nbreak\0.txt", "linebreak.txt"),
            ("con.txt", "_con.txt"),
            ("NUL", "_NUL"),
            ("x:stream", "x_stream"),
            ("end. . ", "end"),
            ("  blank\u{a0}name ", "blank name"),
            ("Grüße 👋.png", "Grüße 👋.png"),
        ];
        for (text, name) in tried {
            assert_eq!(FileName::sanitised(text).as_str(), name, "{text:?}");
        }
    }

    #[test]
    fn long_names_keep_their_ending() {
        let name = FileName::sanitised(&format!("{}.tar.gz", "ü".repeat(400)));

        assert!(name.as_str().len() <= MAX_NAME && name.as_str().ends_with(".gz"));
        let endless = FileName::sanitised(&format!("a.{}", "b".repeat(400)));
        assert!(endless.as_str().len() <= MAX_NAME);
    }

    #[test]
    fn a_number_stands_before_the_ending() {
        assert_eq!(
            FileName::sanitised("a.txt").numbered(1).as_str(),
            "a (1).txt"
        );
        assert_eq!(
            FileName::sanitised("notes").numbered(2).as_str(),
            "notes (2)"
        );
    }

    proptest! {
        #[test]
        fn any_text_becomes_one_part_of_a_path(text in any::<String>()) {
            let name = FileName::sanitised(&text);
            let path = std::path::Path::new(name.as_str());

            prop_assert!(!name.as_str().is_empty() && name.as_str().len() <= MAX_NAME + 1);
            prop_assert_eq!(path.components().count(), 1);
            prop_assert_eq!(path.file_name().and_then(|it| it.to_str()), Some(name.as_str()));
            prop_assert!(!name.as_str().chars().any(is_hidden) && !name.as_str().starts_with('.'));
            prop_assert_eq!(FileName::sanitised(name.as_str()), name);
        }
    }
}
