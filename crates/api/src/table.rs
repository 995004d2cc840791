//! The command table: every command once, with its arguments, its result and its meaning.

use crate::types::*;

/// The arguments of a command that takes none.
#[derive(
    Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[cfg_attr(test, derive(ts_rs::TS), ts(as = "()"))]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Declares commands: documentation, name, arguments, result.
macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:ident($args:ty) -> $result:ty;)+) => {
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
    account_status(Nothing) -> AccountStatus;
    /// Creates the account of this folder and starts its node.
    account_create(AccountCreate) -> AccountCreated;
    /// Opens the sealed file and starts the node.
    account_unlock(AccountUnlock) -> AccountStatus;
    /// Shows the 24 words.
    account_phrase(Nothing) -> Phrase;
    /// Changes the passphrase of the sealed file.
    account_passphrase(PassphraseChange) -> AccountStatus;
    /// Changes the name that others see.
    account_rename(AccountRename) -> AccountStatus;
    /// Writes a sealed backup file.
    account_backup(AccountBackup) -> BackupWritten;
    /// Brings an account back from its words or a backup file.
    account_restore(AccountRestore) -> AccountStatus;
    /// Deletes the account, its keys and everything in its folder.
    account_delete(AccountDelete) -> ();
    /// Lists the account's own installations.
    nodes_list(Nothing) -> Vec<Installation>;
    /// Shows the settings.
    settings_get(Nothing) -> Settings;
    /// Changes settings; what is left out stays.
    settings_set(SettingsChange) -> Settings;
    /// Lists the seeds of the public network.
    seeds_list(Nothing) -> Vec<Seed>;
    /// Adds a seed, by link or by address.
    seed_add(SeedRef) -> Seed;
    /// Removes a seed.
    seed_remove(SeedRef) -> ();
    /// Describes this node for a report, without secrets.
    diagnostics(Nothing) -> String;
    /// Lists the networks that this profile is in.
    networks_list(Nothing) -> Vec<Network>;
    /// Creates a private network with this account as its admin.
    network_create(NetworkCreate) -> NetworkCreated;
    /// Makes a secret-free link for someone who was added.
    network_link(NetworkRef) -> LinkText;
    /// Joins a private network by its link.
    network_join(LinkRef) -> NetworkJoined;
    /// Leaves a private network and forgets what belongs to it.
    network_leave(NetworkRef) -> ();
    /// Writes the plain list of a network's members to a file.
    network_export(NetworkExport) -> ListChange;
    /// Makes a network's members those of a plain list.
    network_import(NetworkImport) -> ListChange;
    /// Lists the live connections of a network.
    network_peers(NetworkRef) -> Vec<NetworkPeer>;
    /// Lists what a network's admins did, newest first.
    network_log(NetworkLogPage) -> Vec<NetworkOperation>;
    /// Lists the members of a private network.
    members_list(NetworkRef) -> Vec<Member>;
    /// Lets an account into a private network.
    member_add(MemberAdd) -> MemberAdded;
    /// Removes an account from a private network and cuts it off.
    member_remove(MemberRef) -> MemberRemoved;
    /// Gives a member another role.
    member_set_role(MemberSetRole) -> Member;
    /// Lists what the gate refused, newest first.
    gate_log(GateLogPage) -> Vec<Refusal>;
    /// Tells what a link is and would do; changes nothing.
    link_inspect(LinkRef) -> LinkInspection;
    /// Makes an invite link of the public network.
    contact_invite(Nothing) -> LinkText;
    /// Looks for people by the name they go by.
    contact_find(ContactFind) -> Vec<ContactFound>;
    /// Asks someone to be a contact.
    contact_add(ContactAdd) -> Contact;
    /// Lists contacts; of a private network its members.
    contacts_list(NetworkFilter) -> Vec<Contact>;
    /// Accepts a request.
    contact_accept(ContactRef) -> Contact;
    /// Declines a request.
    contact_decline(ContactRef) -> ();
    /// Refuses an account at the connection.
    contact_block(ContactRef) -> Contact;
    /// Takes a block back.
    contact_unblock(ContactRef) -> ();
    /// Removes a contact.
    contact_remove(ContactRef) -> ();
    /// Shows a contact by another name.
    contact_rename(ContactRename) -> Contact;
    /// Shows the number that both sides compare.
    contact_safety_number(ContactRef) -> SafetyNumber;
    /// Notes that the safety numbers were compared.
    contact_verify(ContactVerify) -> Contact;
    /// Lists the conversations, the newest first.
    conversations_list(NetworkFilter) -> Vec<Conversation>;
    /// Sends a text; it is stored before this returns.
    message_send(MessageSend) -> MessageAccepted;
    /// Lists the messages of a conversation, oldest first.
    messages_list(MessagesPage) -> Vec<Message>;
    /// Looks for a text in all conversations.
    messages_search(MessagesSearch) -> Vec<MessageFound>;
    /// Marks a conversation as read.
    conversation_read(ConversationRef) -> ();
    /// Lists the things of all devices.
    devices_list(NetworkFilter) -> Vec<Device>;
    /// Claims a device for a network.
    device_claim(DeviceClaim) -> Vec<Device>;
    /// Shows a thing's description.
    device_describe(ThingRef) -> ThingDescription;
    /// Reads a property.
    device_read(PropertyRef) -> PropertyState;
    /// Asks a property to become another value.
    device_write(PropertyWrite) -> PropertyState;
    /// Has a thing's properties and events sent as events.
    device_observe(ThingRef) -> ();
    /// Ends what `device_observe` began.
    device_unobserve(ThingRef) -> ();
    /// Starts an action.
    device_invoke(ActionInvoke) -> ActionStatus;
    /// Shows how far an action got.
    device_action(ActionRef) -> ActionStatus;
    /// Stops an action.
    device_cancel(ActionRef) -> ActionStatus;
    /// Shows a thing by another title.
    device_rename(DeviceRename) -> Device;
    /// Puts a thing into a room.
    device_room(DeviceRoom) -> Device;
    /// Gives an account a right on a device.
    device_grant(DeviceGrant) -> Grant;
    /// Takes an account's right on a device.
    device_revoke(DeviceRevoke) -> ();
    /// Lists the rights on a device.
    device_grants(DeviceRef) -> Vec<Grant>;
    /// Lists what was done with a device, newest first.
    device_audit(AuditPage) -> Vec<AuditEntry>;
    /// Removes a device from this profile.
    device_remove(DeviceRef) -> ();
}
