//! What counts as one emoji.

use thiserror::Error;
use unicode_segmentation::UnicodeSegmentation as _;

/// Longest emoji, in bytes: families and flags are made of many characters.
pub(crate) const MAX_BYTES: usize = 48;

/// The text is not one emoji.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a reaction is one emoji")]
pub struct NotAnEmoji;

/// Checks that a text is one emoji: a single grapheme cluster with a pictograph in it.
///
/// Pictographs that Unicode has set aside for later count, so that newer emoji are taken too.
pub(crate) fn check(text: &str) -> Result<(), NotAnEmoji> {
    let is_one = text.len() <= MAX_BYTES && text.graphemes(true).take(2).count() == 1;
    let is_clean = text.chars().all(|char| !char.is_control());
    if is_one && is_clean && text.chars().any(is_pictograph) {
        Ok(())
    } else {
        Err(NotAnEmoji)
    }
}

/// Whether a character makes an emoji of the cluster that it stands in.
fn is_pictograph(char: char) -> bool {
    matches!(char,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{20e3}' // the key around a digit
        | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{24c2}'
        | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_of_every_make_are_taken() {
        for emoji in [
            "👍",
            "❤️",
            "😂",
            "👍🏽",
            "👨‍👩‍👧‍👦",
            "🏳️‍🌈",
            "🇭🇺",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "1️⃣",
            "©️",
            "☑️",
            "🫡",
        ] {
            assert_eq!(check(emoji), Ok(()), "{emoji}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let long = format!("👍{}", "\u{200d}👍".repeat(20));
        for text in [
            "", " ", "a", "1", "ok", "👍👍", "👍 ", "\u{0}", "é", "漢", "\n", &long,
        ] {
            assert_eq!(check(text), Err(NotAnEmoji), "{text:?}");
        }
    }
}
