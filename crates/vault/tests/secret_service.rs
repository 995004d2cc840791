//! A vault with a real Secret Service: gnome-keyring on a session bus of its own.
//!
//! Each test runs its inner half in a new process, because a process connects to a keyring once.

#![cfg(target_os = "linux")]

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::{Command, Output};
    use std::time::Duration;

    use streembit_identity::PeerKind;
    use streembit_vault::{KeyStoreKind, Keyring, NewProfile, Secrets, State, Vault, VaultError};

    /// Tells the inner half of a test where it may work.
    const FOLDER: &str = "STREEMBIT_TEST_SECRET_SERVICE";

    /// Starts an unlocked keyring on the bus, then becomes the inner half.
    const WITH_KEYRING: &str = "printf 'the login password' \
        | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$@\"";

    #[test]
    fn keeps_keys_in_the_secret_service() {
        let home = tempfile::tempdir().unwrap();
        on_a_bus(home.path(), WITH_KEYRING, "tests::inside_with_keyring");
    }

    #[test]
    fn a_locked_secret_service_is_never_one_without_a_key() {
        let home = tempfile::tempdir().unwrap();
        on_a_bus(home.path(), WITH_KEYRING, "tests::inside_locked");
    }

    #[test]
    fn says_when_no_secret_service_answers() {
        let home = tempfile::tempdir().unwrap();
        let output = inner(
            "tests::inside_without_bus",
            home.path(),
            &mut Command::new("env"),
        );
        assert_passed(&output);
    }

    #[test]
    fn inside_with_keyring() {
        let Some(home) = std::env::var_os(FOLDER) else {
            return;
        };
        let (one, other) = (Path::new(&home).join("one"), Path::new(&home).join("other"));
        let (ones, others) = (Secrets::generate().unwrap(), Secrets::generate().unwrap());
        let first = create(&one, &ones).unwrap();
        create(&other, &others).unwrap();
        assert!(matches!(create(&one, &others), Err(VaultError::Exists(_))));

        assert_eq!(open(&one).account.id(), ones.account.id());
        assert_eq!(open(&one).database, ones.database);
        assert_eq!(open(&other).account.id(), others.account.id());

        first.delete().unwrap();
        assert!(matches!(
            Vault::open(&one, Keyring::system()).unwrap(),
            State::None
        ));
        assert_eq!(
            open(&other).node.id(),
            others.node.id(),
            "the other profile lives on"
        );
    }

    #[test]
    fn inside_locked() {
        let Some(home) = std::env::var_os(FOLDER) else {
            return;
        };
        let folder = Path::new(&home).join("one");
        let secrets = Secrets::generate().unwrap();
        let before = create(&folder, &secrets).unwrap();
        call("Lock");

        let hasty = Keyring::system().with_deadline(Duration::from_secs(5));
        let refusal = Vault::open(&folder, hasty).unwrap_err();

        let is_trouble = matches!(
            refusal,
            VaultError::Locked | VaultError::Denied | VaultError::Timeout | VaultError::Unreachable
        );
        assert!(is_trouble, "{refusal:?}");
        let after = Vault::find(&folder, Keyring::system()).unwrap().unwrap();
        assert_eq!(after.profile(), before.profile(), "nothing was changed");
        println!("a locked keyring: {refusal}");
    }

    #[test]
    fn inside_without_bus() {
        let Some(home) = std::env::var_os(FOLDER) else {
            return;
        };
        let folder = Path::new(&home).join("one");

        let refusal = create(&folder, &Secrets::generate().unwrap()).unwrap_err();

        assert!(matches!(refusal, VaultError::Unreachable), "{refusal:?}");
        assert!(Vault::find(&folder, Keyring::system()).unwrap().is_none());
    }

    fn create(folder: &Path, secrets: &Secrets) -> Result<Vault, VaultError> {
        let profile = NewProfile {
            name: "Ada".parse().unwrap(),
            kind: PeerKind::Human,
        };
        let keyring = Keyring::system();
        Vault::create(
            folder,
            keyring,
            KeyStoreKind::Keyring,
            None,
            profile,
            secrets,
        )
    }

    fn open(folder: &Path) -> Secrets {
        match Vault::open(folder, Keyring::system()).unwrap() {
            State::Ready(_, secrets) => *secrets,
            State::None | State::Locked(_) => panic!("the keyring is unlocked"),
        }
    }

    /// Calls a method of the Secret Service about the login collection.
    fn call(method: &str) {
        let output = Command::new("dbus-send")
            .args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.secrets",
            ])
            .arg("/org/freedesktop/secrets")
            .arg(format!("org.freedesktop.Secret.Service.{method}"))
            .arg("array:objpath:/org/freedesktop/secrets/collection/login")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Runs the inner half of a test on a session bus of its own, if the programs for it exist.
    fn on_a_bus(home: &Path, script: &str, test: &str) {
        for program in ["dbus-run-session", "gnome-keyring-daemon", "dbus-send"] {
            if Command::new(program).arg("--version").output().is_err() {
                println!("SKIPPED: {program} is not installed");
                return;
            }
        }
        let mut bus = Command::new("dbus-run-session");
        bus.args(["--", "sh", "-c", script, "sh"]);
        assert_passed(&inner(test, home, &mut bus));
    }

    /// Runs this program again, for one test, in a home of its own.
    fn inner(test: &str, home: &Path, command: &mut Command) -> Output {
        let run = home.join("run");
        std::fs::create_dir(&run).unwrap();
        command
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(FOLDER, home)
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", run)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .output()
            .unwrap()
    }

    fn assert_passed(output: &Output) {
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(
            output.status.success() && out.contains("1 passed"),
            "{out}\n{err}"
        );
        println!("{out}");
    }
}
