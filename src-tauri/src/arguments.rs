//! The app's arguments: a data folder, where to listen, and a link from outside.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use directories::ProjectDirs;
use streembit_api::node::Multiaddr;

/// Starts without showing the window.
pub(crate) const HIDDEN: &str = "--hidden";

/// Names the data folder where no argument does.
const VARIABLE: &str = "STREEMBIT_DATA";

/// What the app was started with.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Arguments {
    /// The data folder.
    pub folder: PathBuf,
    /// Whether nobody asked for the window yet, as at login.
    pub is_hidden: bool,
    /// Where the public network listens; empty means the usual places.
    pub listen: Vec<Multiaddr>,
    /// A `streembit:` link.
    pub link: Option<String>,
}

impl Arguments {
    /// Reads the arguments and the environment of this process.
    pub(crate) fn of_process() -> Result<Self, String> {
        Self::parse(std::env::args_os().skip(1), std::env::var_os(VARIABLE))
    }

    fn parse(
        arguments: impl IntoIterator<Item = OsString>,
        variable: Option<OsString>,
    ) -> Result<Self, String> {
        let mut arguments = arguments.into_iter();
        let mut folder = variable
            .filter(|value| !value.is_empty())
            .map(PathBuf::from);
        let mut link = None;
        let mut is_hidden = false;
        let mut listen = Vec::new();
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy();
            if argument == "--data" {
                let value = arguments.next().ok_or("--data needs a folder")?;
                folder = Some(value.into());
            } else if let Some(value) = text.strip_prefix("--data=") {
                folder = Some(value.into());
            } else if argument == "--listen" {
                let value = arguments.next().ok_or("--listen needs a multiaddress")?;
                let value = value.to_string_lossy();
                listen.push(
                    value
                        .parse()
                        .map_err(|_| format!("{value} is no multiaddress"))?,
                );
            } else if argument == HIDDEN {
                is_hidden = true;
            } else if text.starts_with("streembit:") {
                link = Some(text.into_owned());
            } else {
                return Err(format!(
                    "unknown argument {text}: the app takes --data DIR, --listen MULTIADDR, --hidden and a link"
                ));
            }
        }
        let folder = folder
            .or_else(usual_folder)
            .ok_or("this user has no home folder: use --data")?;
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        Ok(Self {
            folder,
            is_hidden,
            listen,
            link,
        })
    }
}

/// Where the app keeps its data for this user.
pub(crate) fn usual_folder() -> Option<PathBuf> {
    let folders = ProjectDirs::from("org", "Streembit", "streembit")?;
    Some(Path::to_owned(folders.data_local_dir()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str], variable: Option<&str>) -> Result<Arguments, String> {
        Arguments::parse(
            arguments.iter().map(OsString::from),
            variable.map(OsString::from),
        )
    }

    #[test]
    fn prefers_the_argument_to_the_variable() {
        let found = parse(&["--data", "/one"], Some("/two")).unwrap();

        assert_eq!(found.folder, Path::new("/one"));
    }

    #[test]
    fn takes_a_link_from_outside() {
        let found = parse(&["streembit:invite/abc"], Some("/two")).unwrap();

        assert_eq!(found.link.as_deref(), Some("streembit:invite/abc"));
        assert_eq!(found.folder, Path::new("/two"));
    }

    #[test]
    fn starts_hidden_only_when_told() {
        assert!(!parse(&["--data", "/one"], None).unwrap().is_hidden);
        assert!(
            parse(&["--data", "/one", "--hidden"], None)
                .unwrap()
                .is_hidden
        );
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(parse(&["--dta", "/one"], None).is_err());
        assert!(parse(&["--data"], None).is_err());
        assert!(parse(&["--data", "/one", "--listen", "here"], None).is_err());
    }
}
