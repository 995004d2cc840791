//! The command table: every command once, with its arguments, its result and its meaning.

use schemars::Schema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{Code, Error, Host, calls, calls::window::WindowShow, types::*};

/// The arguments of a command that takes none.
#[derive(
    Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[cfg_attr(test, derive(ts_rs::TS), ts(as = "()"))]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What is said about a command.
#[derive(Clone, Debug, Serialize)]
pub struct Command {
    /// What it is called by.
    pub name: &'static str,
    /// What it does.
    pub doc: String,
    /// The JSON Schema of its arguments.
    pub arguments: Schema,
    /// The JSON Schema of its result.
    pub result: Schema,
}

/// Declares commands: documentation, name, arguments, result, and the function that does it.
macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:ident($args:ty) -> $result:ty = $area:ident::$call:ident;)+) => {
        /// Runs the command `name` and returns its result.
        ///
        /// # Errors
        /// Whatever the command fails with; [`Code::UnknownCommand`] where there is none.
        pub async fn dispatch(host: &Host, name: &str, arguments: Value) -> Result<Value, Error> {
            match name {
                $(stringify!($name) => {
                    let arguments: $args = parse(arguments)?;
                    // Boxed, so that a call costs the size of its own command only.
                    let result: $result = Box::pin(calls::$area::$call(host, arguments)).await?;
                    render(&result)
                })+
                _ => Err(unknown(name)),
            }
        }

        /// Reads the arguments of the command `name`, and does nothing with them.
        pub(crate) fn check(name: &str, arguments: Value) -> Result<(), Error> {
            match name {
                $(stringify!($name) => parse::<$args>(arguments).map(drop),)+
                _ => Err(unknown(name)),
            }
        }

        /// Lists the commands.
        #[must_use]
        pub fn list() -> Vec<Command> {
            vec![$(Command {
                name: stringify!($name),
                doc: [$($doc),+].join(" ").trim().to_owned(),
                arguments: schemars::schema_for!($args),
                result: schemars::schema_for!($result),
            }),+]
        }

        /// The commands as TypeScript sees them: `name: [arguments, result]`.
        #[cfg(test)]
        #[derive(ts_rs::TS)]
        #[expect(dead_code, reason = "only its declaration is used")]
        pub(crate) struct Commands {
            $($(#[doc = $doc])+ $name: ($args, $result),)+
        }
    };
}

commands! {
    /// Tells whether there is an account, and whose it is.
    account_status(Nothing) -> AccountStatus = account::status;
    /// Creates the account of this folder and starts its node.
    account_create(AccountCreate) -> AccountCreated = account::create;
    /// Opens the sealed file and starts the node.
    account_unlock(AccountUnlock) -> AccountStatus = account::unlock;
    /// Shows the 24 words.
    account_phrase(Nothing) -> Phrase = account::phrase;
    /// Changes the passphrase of the sealed file.
    account_passphrase(PassphraseChange) -> AccountStatus = account::passphrase;
    /// Changes the name that others see.
    account_rename(AccountRename) -> AccountStatus = account::rename;
    /// Writes a sealed backup file.
    account_backup(AccountBackup) -> BackupWritten = account::backup;
    /// Brings an account back from its words or a backup file.
    account_restore(AccountRestore) -> AccountStatus = account::restore;
    /// Deletes the account, its keys and everything in its folder.
    account_delete(AccountDelete) -> () = account::delete;
    /// Takes the account off this computer; it goes on where else it is used.
    account_unlink(AccountDelete) -> () = account::unlink;
    /// Lists the account's own installations.
    nodes_list(Nothing) -> Vec<Installation> = computer::list;
    /// Makes a link by which another computer can be linked to this account, once.
    node_link(Nothing) -> NodeLinkOffer = computer::link;
    /// Tells how far linking another computer is.
    node_link_status(Nothing) -> NodeLinkStatus = computer::link_status;
    /// Confirms the code that the other computer shows; then everything is handed over.
    node_link_confirm(NodeLinkConfirm) -> NodeLinkStatus = computer::link_confirm;
    /// Ends the link.
    node_link_cancel(Nothing) -> NodeLinkStatus = computer::link_cancel;
    /// Revokes another computer of this account, for good.
    node_revoke(NodeRevoke) -> Vec<Installation> = computer::revoke;
    /// Lists the computers that something for a contact is sent to.
    contact_nodes(ContactNodes) -> Vec<Node> = computer::of_contact;
    /// Lists the computers of a contact as they became known, oldest first.
    contact_computers(ContactNodes) -> Vec<ContactComputer> = computer::known_of_contact;
    /// Links this computer, which has no account yet, to the account of another; answers when all has come.
    account_link(AccountLink) -> AccountStatus = computer::join;
    /// Tells how far linking this computer is.
    account_link_status(Nothing) -> AccountLinkStatus = computer::join_status;
    /// Shows the settings.
    settings_get(Nothing) -> Settings = settings::get;
    /// Changes settings; what is left out stays.
    settings_set(SettingsChange) -> Settings = settings::set;
    /// Lists the seeds of the public network.
    seeds_list(Nothing) -> Vec<Seed> = seed::list;
    /// Adds a seed, by link or by address.
    seed_add(SeedRef) -> Seed = seed::add;
    /// Removes a seed.
    seed_remove(SeedRef) -> () = seed::remove;
    /// Describes this node for a report, without secrets.
    diagnostics(Nothing) -> String = settings::diagnostics;
    /// Lists the networks that this profile is in.
    networks_list(Nothing) -> Vec<Network> = network::list;
    /// Creates a private network with this account as its admin.
    network_create(NetworkCreate) -> NetworkCreated = network::create;
    /// Makes a secret-free link for someone who was added.
    network_link(NetworkRef) -> LinkText = network::link;
    /// Makes an invite that lets one account into a private network, once.
    network_invite(NetworkInviteWish) -> LinkText = network::invite;
    /// Lists the invites that this installation gave out, newest first.
    network_invites(NetworkRef) -> Vec<NetworkInvite> = network::invites;
    /// Takes an invite back that nobody has used.
    network_invite_revoke(NetworkInviteRef) -> () = network::invite_revoke;
    /// Joins a private network by its link or an invite.
    network_join(LinkRef) -> NetworkJoined = network::join;
    /// Leaves a private network and forgets what belongs to it.
    network_leave(NetworkRef) -> () = network::leave;
    /// Confirms a network's members for another while.
    network_confirm(NetworkRef) -> Network = network::confirm;
    /// Sets how long a network's members count as confirmed, and what happens then.
    network_set_policy(NetworkSetPolicy) -> Network = network::set_policy;
    /// Makes this account an admin of a network by its recovery words.
    network_recover(NetworkRecover) -> Network = network::recover;
    /// Puts the history of a network's members together, by its recovery words.
    network_tidy(NetworkRecover) -> Network = network::tidy;
    /// Writes the plain list of a network's members to a file.
    network_export(NetworkExport) -> ListChange = network::export;
    /// Makes a network's members those of a plain list.
    network_import(NetworkImport) -> ListChange = network::import;
    /// Writes a private network to a file, for the configuration of a device that is offline.
    network_bundle(NetworkBundle) -> BundleWritten = network::bundle;
    /// Lists the live connections of a network.
    network_peers(NetworkRef) -> Vec<NetworkPeer> = network::peers;
    /// Tells who keeps messages for this account in a network, and how much this node keeps.
    mailboxes_list(NetworkRef) -> Mailboxes = mailbox::list;
    /// Has somebody keep messages for this account while it is away, or no longer.
    mailbox_ask(MailboxAsk) -> Mailboxes = mailbox::ask;
    /// Is willing to keep messages for somebody while they are away, or no longer.
    mailbox_offer(MailboxOffer) -> Mailboxes = mailbox::offer;
    /// Lists what a network's admins did, newest first.
    network_log(NetworkLogPage) -> Vec<NetworkOperation> = network::log;
    /// Lists the members of a private network.
    members_list(NetworkRef) -> Vec<Member> = member::list;
    /// Lets an account into a private network.
    member_add(MemberAdd) -> MemberAdded = member::add;
    /// Removes an account from a private network and cuts it off.
    member_remove(MemberRef) -> MemberRemoved = member::remove;
    /// Gives a member another role.
    member_set_role(MemberSetRole) -> Member = member::set_role;
    /// Lists what the gate refused, newest first.
    gate_log(GateLogPage) -> Vec<Refusal> = network::gate_log;
    /// Tells what a link is and would do; changes nothing.
    link_inspect(LinkRef) -> LinkInspection = link::inspect;
    /// Makes an invite link of the public network.
    contact_invite(Nothing) -> LinkText = contact::invite;
    /// Finds who goes by a name in the public network and wants to be found by it.
    contact_find(ContactFind) -> Vec<ContactFound> = contact::find;
    /// Asks someone to be a contact.
    contact_add(ContactAdd) -> Contact = contact::add;
    /// Lists contacts; of a private network its members.
    contacts_list(NetworkFilter) -> Vec<Contact> = contact::list;
    /// Accepts a request.
    contact_accept(ContactRef) -> Contact = contact::accept;
    /// Declines a request.
    contact_decline(ContactRef) -> () = contact::decline;
    /// Refuses an account at the connection.
    contact_block(ContactRef) -> Contact = contact::block;
    /// Takes a block back.
    contact_unblock(ContactRef) -> () = contact::unblock;
    /// Removes a contact.
    contact_remove(ContactRef) -> () = contact::remove;
    /// Shows a contact by another name.
    contact_rename(ContactRename) -> Contact = contact::rename;
    /// Shows the number that both sides compare.
    contact_safety_number(ContactRef) -> SafetyNumber = contact::safety_number;
    /// Notes that the safety numbers were compared.
    contact_verify(ContactVerify) -> Contact = contact::verify;
    /// Lists the groups, also those that this account is in no longer.
    groups_list(NetworkFilter) -> Vec<Group> = group::list;
    /// Begins a group of members of a private network.
    group_create(GroupCreate) -> Group = group::create;
    /// Gives a group another title.
    group_rename(GroupRename) -> Group = group::rename;
    /// Adds members of the network to a group; they get nothing that was written before.
    group_add(GroupAdd) -> Group = group::add;
    /// Removes somebody from a group, who can read nothing that is written from then on.
    group_remove(GroupRemove) -> Group = group::remove;
    /// Leaves a group.
    group_leave(GroupRef) -> Group = group::leave;
    /// Makes a member of a group an admin, or one no longer.
    group_admin(GroupAdmin) -> Group = group::admin;
    /// Lists the conversations: the pinned ones first, then the newest.
    conversations_list(NetworkFilter) -> Vec<Conversation> = message::conversations;
    /// Sends a text; it is stored before this returns.
    message_send(MessageSend) -> MessageAccepted = message::send;
    /// Reacts to a message with one emoji, or takes the reaction back.
    message_react(MessageReact) -> Message = message::react;
    /// Gives a message of this account another text, here and at its recipient.
    message_edit(MessageEdit) -> Message = message::edit;
    /// Deletes a message: one's own for everyone, another's in this profile only.
    message_delete(MessageDelete) -> Message = message::delete;
    /// Lists the messages of a conversation, oldest first.
    messages_list(MessagesPage) -> Vec<Message> = message::list;
    /// Looks for words in all conversations, or in one; newest first.
    messages_search(MessagesSearch) -> Vec<MessageFound> = message::search;
    /// Marks a conversation as read, or only the messages up to one.
    conversation_read(ConversationRead) -> () = message::read;
    /// Mutes, pins, archives or marks a conversation as unread, and keeps its draft.
    conversation_set(ConversationSet) -> Conversation = message::set;
    /// Tells a connected peer that something is being written, where both sides want that.
    conversation_typing(ConversationTyping) -> () = message::typing;
    /// Offers a file of this computer to a contact or member; it is sent when they accept.
    file_send(FileSend) -> File = file::send;
    /// Lists the files that were offered, newest first, 500 at most.
    files_list(NetworkFilter) -> Vec<File> = file::list;
    /// Accepts an offered file.
    file_accept(FileAccept) -> File = file::accept;
    /// Declines an offered file.
    file_decline(FileRef) -> File = file::decline;
    /// Stops a file, whoever offers it.
    file_cancel(FileRef) -> File = file::cancel;
    /// Shows what a file that is here looks like: a picture, or the beginning of a text.
    file_preview(FileRef) -> FilePreview = file::preview;
    /// Lists the things of all devices.
    devices_list(NetworkFilter) -> Vec<Device> = device::list;
    /// Claims a device for a network.
    device_claim(DeviceClaim) -> Vec<Device> = device::claim;
    /// Shows the link by which this node's own device can be claimed, while its window is open.
    device_claim_link(Nothing) -> LinkText = device::claim_link;
    /// Opens the claim window of this node's own device again, with a new code.
    device_pairing_open(DevicePairing) -> LinkText = device::pairing_open;
    /// Shows a thing's description.
    device_describe(ThingRef) -> ThingDescription = device::describe;
    /// Reads a property.
    device_read(PropertyRef) -> PropertyState = device::property;
    /// Asks a property to become another value.
    device_write(PropertyWrite) -> PropertyState = device::write;
    /// Has a thing's properties and events sent as events.
    device_observe(ThingRef) -> () = device::observe;
    /// Ends what `device_observe` began.
    device_unobserve(ThingRef) -> () = device::unobserve;
    /// Starts an action.
    device_invoke(ActionInvoke) -> ActionStatus = device::invoke;
    /// Shows how far an action got.
    device_action(ActionRef) -> ActionStatus = device::action;
    /// Stops an action.
    device_cancel(ActionRef) -> ActionStatus = device::cancel;
    /// Shows a thing by another title.
    device_rename(DeviceRename) -> Device = device::rename;
    /// Puts a thing into a room.
    device_room(DeviceRoom) -> Device = device::room;
    /// Gives an account a right on a device.
    device_grant(DeviceGrant) -> Grant = device::grant;
    /// Takes an account's right on a device.
    device_revoke(DeviceRevoke) -> () = device::revoke;
    /// Lists the rights on a device.
    device_grants(DeviceRef) -> Vec<Grant> = device::grants;
    /// Lists what was done with a device, newest first.
    device_audit(AuditPage) -> Vec<AuditEntry> = device::audit;
    /// Removes a device from this profile.
    device_remove(DeviceRef) -> () = device::remove;
    /// Makes a practice network on this computer: a person who answers, and a home with devices.
    demo_start(Nothing) -> DemoStarted = practice::start;
    /// Removes the practice network with everything in it.
    demo_stop(Nothing) -> () = practice::stop;
    /// Tells whether there is a practice network.
    demo_status(Nothing) -> DemoStatus = practice::status;
    /// Brings the desktop app's window to the front; a link is shown for inspection.
    window_show(WindowShow) -> () = window::show;
}

/// Reads the arguments of a command; absent ones are an empty object.
fn parse<T: DeserializeOwned>(arguments: Value) -> Result<T, Error> {
    let arguments = if arguments.is_null() {
        json!({})
    } else {
        arguments
    };
    if !arguments.is_object() {
        return Err(invalid(".", "the arguments must be an object"));
    }
    serde_path_to_error::deserialize(arguments)
        .map_err(|error| invalid(&error.path().to_string(), &error.inner().to_string()))
}

fn render<T: Serialize>(result: &T) -> Result<Value, Error> {
    serde_json::to_value(result)
        .map_err(|error| Error::new(Code::Internal, format!("the result is not JSON: {error}")))
}

fn invalid(path: &str, message: &str) -> Error {
    let text = if path == "." {
        message.to_owned()
    } else {
        format!("{path}: {message}")
    };
    Error::new(Code::InvalidArguments, text).with_details(json!({ "path": path }))
}

fn unknown(name: &str) -> Error {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
    Error::new(
        Code::UnknownCommand,
        format!("there is no command \"{shown}\""),
    )
}
