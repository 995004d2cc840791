//! The arguments of the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use streembit_node::Multiaddr;

/// The headless Streembit node: a seed, a hub, a host of devices, a target for scripts.
#[derive(Debug, Parser)]
#[command(name = "streembit-node", version, propagate_version = true)]
pub(crate) struct Arguments {
    /// What to log to standard error, as a filter of tracing: `info`, `streembit_node=debug`.
    #[arg(long, global = true, default_value = "info", value_name = "FILTER")]
    pub log: String,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Creates an account in a data folder.
    Init(Init),
    /// Runs the node of a data folder until it is told to stop.
    Run(Run),
    /// Runs one command on the node that runs on a data folder.
    Call(Call),
    /// Prints what happens on the running node, one JSON object a line.
    Events(Folder),
    /// Prints the commands with the schemas of their arguments and results.
    Commands,
    /// Prints who the account of a data folder is.
    Id(Folder),
    /// Prints the claim link of an unclaimed device and its QR code.
    Claim(Folder),
    /// Works on W3C Thing Descriptions.
    Td {
        #[command(subcommand)]
        check: Check,
    },
    /// Works on plain member lists.
    List {
        #[command(subcommand)]
        check: Check,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Check {
    /// Tells what is wrong in files, one JSON object a line.
    Check {
        /// The files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// Names the data folder.
#[derive(Args, Clone, Debug)]
pub(crate) struct Folder {
    /// The data folder; the desktop app's where left out.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// What kind of participant the account is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Kind {
    /// A person.
    Human,
    /// A host of things.
    Device,
    /// An always-on node that serves others.
    Hub,
}

/// Where the secrets lie.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KeyStore {
    /// The keyring of the operating system.
    Keyring,
    /// A file sealed with a passphrase.
    File,
}

#[derive(Args, Debug)]
pub(crate) struct Init {
    /// The name that others see.
    #[arg(long, required_unless_present = "link")]
    pub name: Option<String>,
    /// The file with the link that another computer of the same person shows: this one is linked to
    /// its account.
    #[arg(long, value_name = "FILE", conflicts_with = "restore_phrase_file")]
    pub link: Option<PathBuf>,
    /// What kind of participant this is.
    #[arg(long, value_enum, default_value = "human")]
    pub kind: Kind,
    #[command(flatten)]
    pub folder: Folder,
    /// Where to keep the secrets.
    #[arg(long, value_enum, default_value = "keyring")]
    pub key_store: KeyStore,
    /// The file whose first line is the passphrase of the sealed file.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// The file with the 24 words of the account to bring back.
    #[arg(long, value_name = "FILE")]
    pub restore_phrase_file: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Run {
    #[command(flatten)]
    pub folder: Folder,
    /// The file whose first line is the passphrase of the sealed file.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// A TOML file that says what to host and where to listen.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// An address of the public network to listen on.
    #[arg(long, value_name = "MULTIADDR")]
    pub listen: Vec<Multiaddr>,
    /// A node of the public network to start from, ending in `/p2p/…`.
    #[arg(long, value_name = "MULTIADDR")]
    pub bootstrap: Vec<Multiaddr>,
    /// Serves the public network as a seed, and prints a seed link.
    #[arg(long)]
    pub seed: bool,
    /// Keeps sealed messages in the public network for whoever asks, while they are away.
    #[arg(long)]
    pub mailbox: bool,
    /// Looks for nobody on the local network.
    #[arg(long)]
    pub no_discovery: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Call {
    #[command(flatten)]
    pub folder: Folder,
    /// The command's name.
    pub command: String,
    /// The command's arguments as JSON; `-` reads them from standard input.
    #[arg(allow_hyphen_values = true, value_name = "JSON")]
    pub arguments: Option<String>,
}
