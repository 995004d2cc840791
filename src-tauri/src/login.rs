//! Starting at login: an entry in the desktop's autostart folder, for each profile its own.
//!
//! The file on the disk is the setting; nothing else remembers it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::arguments::{HIDDEN, usual_folder};

/// A profile's autostart entry, whether it is there or not.
#[derive(Debug)]
pub(crate) struct Entry {
    file: PathBuf,
    command: String,
}

impl Entry {
    /// Names the entry of the profile in `folder`; none where the desktop has no such thing.
    pub(crate) fn of_profile(folder: &Path) -> Option<Self> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let autostart = directories::BaseDirs::new()?.config_dir().join("autostart");
        // An AppImage is mounted somewhere else each time.
        let program = std::env::var_os("APPIMAGE").map(PathBuf::from);
        let program = program.or_else(|| std::env::current_exe().ok())?;
        let is_usual = usual_folder().is_some_and(|usual| usual == folder);
        Self::at(&autostart, &program, folder, is_usual)
    }

    fn at(autostart: &Path, program: &Path, folder: &Path, is_usual: bool) -> Option<Self> {
        let words = [program.to_str()?, "--data", folder.to_str()?, HIDDEN];
        let words: Option<Vec<_>> = words.into_iter().map(quote).collect();
        let name = match is_usual {
            true => "streembit.desktop".to_owned(),
            false => format!("streembit-{:08x}.desktop", mark(folder.to_str()?)),
        };
        Some(Self {
            file: autostart.join(name),
            command: words?.join(" "),
        })
    }

    /// Whether the desktop will start this program with this profile.
    pub(crate) fn is_on(&self) -> bool {
        let Ok(text) = fs::read_to_string(&self.file) else {
            return false;
        };
        let says = |wanted: &str| text.lines().any(|line| line.trim() == wanted);
        let is_disabled = says("Hidden=true") || says("X-GNOME-Autostart-enabled=false");
        says(&format!("Exec={}", self.command)) && !is_disabled
    }

    /// Writes the entry or takes it away.
    pub(crate) fn set(&self, on: bool) -> io::Result<()> {
        if !on {
            return match fs::remove_file(&self.file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            };
        }
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        // Whoever reads the folder meanwhile sees the whole entry or none.
        let part = self.file.with_extension("part");
        fs::write(&part, self.text())?;
        fs::rename(part, &self.file)
    }

    fn text(&self) -> String {
        let command = &self.command;
        format!(
            "[Desktop Entry]\nType=Application\nName=Streembit\nComment=Keeps messages and devices \
             within reach\nExec={command}\nIcon=streembit\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
        )
    }
}

/// Writes a word as a desktop entry wants it; none where it cannot be written.
fn quote(word: &str) -> Option<String> {
    if word.chars().any(char::is_control) {
        return None;
    }
    let mut quoted = String::from('"');
    for char in word.chars() {
        match char {
            // Once for the quotes, and once more for the file.
            '"' | '`' | '$' => quoted.push_str("\\\\"),
            '\\' => quoted.push_str("\\\\\\"),
            '%' => quoted.push('%'),
            _ => {}
        }
        quoted.push(char);
    }
    quoted.push('"');
    Some(quoted)
}

/// A short mark of a folder's name, the same at every start (FNV-1a).
fn mark(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |mark, byte| {
        (mark ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(autostart: &Path, program: &str, is_usual: bool) -> Entry {
        Entry::at(
            autostart,
            Path::new(program),
            Path::new("/home/a b/data"),
            is_usual,
        )
        .unwrap()
    }

    #[test]
    fn is_on_only_while_the_entry_on_the_disk_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let autostart = folder.path().join("autostart");
        let entry = entry(&autostart, "/usr/bin/streembit", true);
        let file = autostart.join("streembit.desktop");

        assert!(!entry.is_on(), "nothing is there");
        entry.set(true).unwrap();
        assert!(entry.is_on());
        let text = fs::read_to_string(&file).unwrap();
        let line = "Exec=\"/usr/bin/streembit\" \"--data\" \"/home/a b/data\" \"--hidden\"\n";
        assert!(text.contains(line), "{text}");
        for switched in [
            format!("{text}Hidden=true\n"),
            text.replace("enabled=true", "enabled=false"),
            text.replace("/usr/bin/streembit", "/usr/bin/another"),
        ] {
            fs::write(&file, switched).unwrap();
            assert!(!entry.is_on(), "another program switched it off");
        }
        entry.set(true).unwrap();
        assert!(entry.is_on());
        entry.set(false).unwrap();
        assert!(!entry.is_on() && !file.exists());
        entry.set(false).unwrap();
    }

    #[test]
    fn every_profile_has_an_entry_of_its_own() {
        let autostart = Path::new("/config/autostart");

        let usual = entry(autostart, "/usr/bin/streembit", true);
        let other = entry(autostart, "/usr/bin/streembit", false);

        assert_ne!(usual.file, other.file);
    }

    #[test]
    fn a_name_runs_nothing_else() {
        assert_eq!(quote("a \"b\" $c").unwrap(), "\"a \\\\\"b\\\\\" \\\\$c\"");
        assert_eq!(quote("100%").unwrap(), "\"100%%\"");
        assert_eq!(quote("back\\slash").unwrap(), "\"back\\\\\\\\slash\"");
        assert_eq!(quote("two\nlines"), None);
    }
}
