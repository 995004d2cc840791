//! The words around what was found, cut from a message at a cost that its author cannot choose.

/// Characters of an excerpt, without what says that something is left out.
const LENGTH: usize = 160;

/// Characters before the first word that was found, at most.
const BEFORE: usize = 48;

/// Words that are marked in one excerpt, at most.
const MAX_MARKS: usize = 16;

/// What stands before and after a word that was found, in what the database answers. A text that
/// holds the same characters is marked in a wrong place, and nothing worse.
pub(super) const MARKS: [char; 2] = ['\u{1}', '\u{2}'];

/// Words cut from a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Excerpt {
    /// The words.
    pub(super) text: String,
    /// Where in it the words stand that were found: each from, and up to, so many characters.
    pub(super) marks: Vec<(u32, u32)>,
}

impl Excerpt {
    /// Cuts from a text in which the database has marked the words.
    pub(super) fn of_marked(marked: &str) -> Self {
        let (mut text, mut marks, mut begin) = (Vec::new(), Vec::new(), None);
        for char in marked.chars() {
            match char {
                _ if char == MARKS[0] => begin = Some(text.len()),
                _ if char == MARKS[1] => marks.extend(begin.take().map(|from| (from, text.len()))),
                _ => text.push(char),
            }
        }
        Self::cut(&text, &marks)
    }

    /// Cuts from a long text, around the first of the words that stands in it as it was typed.
    pub(super) fn of_long(text: &str, words: &[String]) -> Self {
        let lower = |char: char| char.to_lowercase().next().unwrap_or(char);
        let text: Vec<char> = text.chars().collect();
        let folded: Vec<char> = text.iter().copied().map(lower).collect();
        let found = words.iter().find_map(|word| {
            let word: Vec<char> = word.chars().map(lower).collect();
            let at = folded
                .windows(word.len().max(1))
                .position(|window| window == word)?;
            Some((at, at + word.len()))
        });
        let marks: Vec<_> = found.into_iter().collect();
        Self::cut(&text, &marks)
    }

    fn cut(text: &[char], marks: &[(usize, usize)]) -> Self {
        let first = marks.first().map_or(0, |(from, _)| *from);
        let earliest = first.saturating_sub(BEFORE);
        let mut from = earliest;
        if earliest > 0 {
            // Begins with a whole word, if one begins before what was found.
            let spaces = text.iter().enumerate().take(first).skip(earliest);
            let mut spaces = spaces.filter(|(_, char)| char.is_whitespace());
            from = spaces.next().map_or(earliest, |(at, _)| at + 1);
        }
        let to = text.len().min(from + LENGTH);
        let mut cut = String::with_capacity(LENGTH + 8);
        let mut moved = from;
        if from > 0 {
            cut.push('…');
            moved -= 1;
        }
        let within = text.iter().take(to).skip(from);
        cut.extend(within.map(|char| if char.is_control() { ' ' } else { *char }));
        if to < text.len() {
            cut.push('…');
        }
        let place = |at: usize| u32::try_from(at - moved).unwrap_or(u32::MAX);
        let marks = marks
            .iter()
            .filter(|(begin, end)| *begin >= from && *end <= to)
            .take(MAX_MARKS)
            .map(|(begin, end)| (place(*begin), place(*end)));
        Self {
            text: cut,
            marks: marks.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_in_characters() {
        let excerpt = Excerpt::of_marked("é \u{1}lamp\u{2} and\n\u{1}l\u{2}");

        assert_eq!(excerpt.text, "é lamp and l");
        assert_eq!(excerpt.marks, [(2, 6), (11, 12)]);
    }

    #[test]
    fn the_words_around_the_first_one_are_shown() {
        let text = format!(
            "{} \u{1}lamp\u{2} {}",
            "so it goes ".repeat(20),
            "on ".repeat(100)
        );
        let excerpt = Excerpt::of_marked(&text);

        let [(from, to)] = excerpt.marks.try_into().unwrap();
        let marked: String = excerpt
            .text
            .chars()
            .skip(from as usize)
            .take((to - from) as usize)
            .collect();
        assert_eq!(marked, "lamp");
        assert!(excerpt.text.starts_with("…") && excerpt.text.ends_with('…'));
        assert!(excerpt.text.chars().count() <= LENGTH + 2);
    }

    #[test]
    fn a_long_text_is_cut_around_a_word_as_it_was_typed() {
        let text = "x ".repeat(9_000) + "the LAMP is on";
        let excerpt = Excerpt::of_long(&text, &["lamp".to_owned()]);

        assert!(excerpt.text.ends_with("the LAMP is on"));
        assert_eq!(excerpt.marks.len(), 1);
        let nothing = Excerpt::of_long(&text, &["Zoë".to_owned()]);
        assert!(nothing.text.starts_with("x x") && nothing.marks.is_empty());
    }

    #[test]
    fn a_text_full_of_the_word_has_few_marks() {
        let excerpt = Excerpt::of_marked(&"\u{1}th\u{2} ".repeat(2_000));

        assert_eq!(excerpt.marks.len(), MAX_MARKS);
    }
}
