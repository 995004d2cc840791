// Generated from crates/api by `cargo test -p streembit-api`. Do not edit.

/**
 * Asks for a sealed backup file.
 */
export type AccountBackup = {
/**
 * Where to write the file; it must not exist.
 */
path: string,
/**
 * The passphrase that opens it.
 */
passphrase: string, };

/**
 * Asks for a new account.
 */
export type AccountCreate = {
/**
 * The name that others see.
 */
name: string,
/**
 * What kind of participant this is; a person unless said otherwise.
 */
kind?: Kind,
/**
 * Where to keep the secrets; the keyring unless said otherwise.
 */
key_store?: KeyStore,
/**
 * The passphrase of the sealed file.
 */
passphrase?: string, };

/**
 * A new account, with the words that restore it.
 */
export type AccountCreated = {
/**
 * The account.
 */
peer: Peer,
/**
 * This installation.
 */
node: Node,
/**
 * The name that others see.
 */
name: string,
/**
 * The 24 words.
 */
phrase: string, };

/**
 * Deletes the account and everything in its folder.
 */
export type AccountDelete = {
/**
 * The account's name, typed again.
 */
confirm: string, };

/**
 * The arguments of `account_link`.
 */
export type AccountLink = {
/**
 * The link that the other computer shows.
 */
link: string,
/**
 * Where to keep the keys; the keyring where left out.
 */
key_store?: KeyStore,
/**
 * The passphrase of the sealed file.
 */
passphrase?: string, };

/**
 * How far linking this computer is.
 */
export type AccountLinkStatus = {
/**
 * Whether linking is under way.
 */
active: boolean,
/**
 * The code to compare with the one that the other computer shows.
 */
code: string | null,
/**
 * Bytes that have come.
 */
received: number,
/**
 * Bytes that there are; none before the code was confirmed.
 */
total: number | null, };

/**
 * Changes the name that others see.
 */
export type AccountRename = {
/**
 * The new name.
 */
name: string, };

/**
 * Brings an account back, from the words or from a backup file.
 */
export type AccountRestore = {
/**
 * The 24 words.
 */
phrase?: string,
/**
 * The name that others see, where the words are used.
 */
name?: string,
/**
 * The backup file.
 */
path?: string,
/**
 * The passphrase of the backup file.
 */
passphrase?: string,
/**
 * Where to keep the secrets; the keyring unless said otherwise.
 */
key_store?: KeyStore,
/**
 * The passphrase of the new sealed file; the backup's where left out.
 */
store_passphrase?: string, };

/**
 * Whether a profile can be used.
 */
export type AccountState = "locked" | "none" | "ready";

/**
 * The state of the profile and who it belongs to.
 */
export type AccountStatus = {
/**
 * Whether the profile can be used.
 */
state: AccountState,
/**
 * The account.
 */
peer: Peer | null,
/**
 * This installation.
 */
node: Node | null,
/**
 * The name that others see.
 */
name: string | null,
/**
 * What kind of participant this is.
 */
kind: Kind | null,
/**
 * Where the secrets lie.
 */
key_store: KeyStore | null,
/**
 * The fingerprint of the account key, in groups.
 */
fingerprint?: string,
/**
 * Why the profile is locked, where it is more than a missing passphrase.
 */
problem?: Problem, };

/**
 * Opens the sealed file.
 */
export type AccountUnlock = {
/**
 * The passphrase.
 */
passphrase: string, };

/**
 * Starts an action.
 */
export type ActionInvoke = {
/**
 * The thing.
 */
thing: ThingUrl,
/**
 * The action's name.
 */
action: string,
/**
 * Its input.
 */
input?: unknown, };

/**
 * Names an action that was started.
 */
export type ActionRef = {
/**
 * The thing.
 */
thing: ThingUrl,
/**
 * The id that starting it gave.
 */
action_id: string, };

/**
 * How far an action got.
 */
export type ActionState = "cancelled" | "completed" | "failed" | "pending" | "running";

/**
 * An action that was started.
 */
export type ActionStatus = {
/**
 * Its id.
 */
action_id: string,
/**
 * How far it got.
 */
state: ActionState,
/**
 * How much is done, from 0 to 100.
 */
progress?: number,
/**
 * What it gave.
 */
output?: unknown,
/**
 * Why it failed.
 */
error?: string, };

/**
 * How far this node has got with somebody it might keep messages for.
 */
export type AgreementState = "agreed" | "asked" | "offered";

/**
 * Light, dark, or as the system is.
 */
export type Appearance = "dark" | "light" | "system";

/**
 * Something that was done with a device, or refused.
 */
export type AuditEntry = {
/**
 * Its id.
 */
id: string,
/**
 * When.
 */
at: number,
/**
 * Who.
 */
peer: Peer,
/**
 * With which thing.
 */
thing: ThingUrl | null,
/**
 * What.
 */
operation: string,
/**
 * With which property, action or event.
 */
affordance?: string,
/**
 * How it ended, as a code.
 */
outcome: string, };

/**
 * Pages through what was done with a device.
 */
export type AuditPage = {
/**
 * The device's host.
 */
device: Peer,
/**
 * Only what is older than this entry.
 */
before?: string,
/**
 * How many at most.
 */
limit?: number, };

/**
 * A backup that was written.
 */
export type BackupWritten = {
/**
 * Where it lies.
 */
path: string,
/**
 * Its size.
 */
bytes: number, };

/**
 * A private network that was written to a file.
 */
export type BundleWritten = {
/**
 * Where it lies.
 */
path: string,
/**
 * Its size.
 */
bytes: number, };

/**
 * How far a change to a message got that the other side has not signed for.
 */
export type ChangeState = "failed" | "queued";

/**
 * What a program decides by.
 */
export type Code = "ambiguous" | "busy" | "conflict" | "denied" | "exists" | "expired" | "full" | "internal" | "invalid_arguments" | "keyring" | "locked" | "no_account" | "not_found" | "not_running" | "storage" | "timeout" | "too_large" | "unknown_command" | "unreachable" | "unsupported";

/**
 * The commands as TypeScript sees them: `name: [arguments, result]`.
 */
export type Commands = {
/**
 * Tells whether there is an account, and whose it is.
 */
account_status: [Nothing, AccountStatus],
/**
 * Creates the account of this folder and starts its node.
 */
account_create: [AccountCreate, AccountCreated],
/**
 * Opens the sealed file and starts the node.
 */
account_unlock: [AccountUnlock, AccountStatus],
/**
 * Shows the 24 words.
 */
account_phrase: [Nothing, Phrase],
/**
 * Changes the passphrase of the sealed file.
 */
account_passphrase: [PassphraseChange, AccountStatus],
/**
 * Changes the name that others see.
 */
account_rename: [AccountRename, AccountStatus],
/**
 * Writes a sealed backup file.
 */
account_backup: [AccountBackup, BackupWritten],
/**
 * Brings an account back from its words or a backup file.
 */
account_restore: [AccountRestore, AccountStatus],
/**
 * Deletes the account, its keys and everything in its folder.
 */
account_delete: [AccountDelete, null],
/**
 * Takes the account off this computer; it goes on where else it is used.
 */
account_unlink: [AccountDelete, null],
/**
 * Lists the account's own installations.
 */
nodes_list: [Nothing, Array<Installation>],
/**
 * Makes a link by which another computer can be linked to this account, once.
 */
node_link: [Nothing, NodeLinkOffer],
/**
 * Tells how far linking another computer is.
 */
node_link_status: [Nothing, NodeLinkStatus],
/**
 * Confirms the code that the other computer shows; then everything is handed over.
 */
node_link_confirm: [NodeLinkConfirm, NodeLinkStatus],
/**
 * Ends the link.
 */
node_link_cancel: [Nothing, NodeLinkStatus],
/**
 * Revokes another computer of this account, for good.
 */
node_revoke: [NodeRevoke, Array<Installation>],
/**
 * Lists the computers that something for a contact is sent to.
 */
contact_nodes: [ContactNodes, Array<Node>],
/**
 * Lists the computers of a contact as they became known, oldest first.
 */
contact_computers: [ContactNodes, Array<ContactComputer>],
/**
 * Links this computer, which has no account yet, to the account of another; answers when all has come.
 */
account_link: [AccountLink, AccountStatus],
/**
 * Tells how far linking this computer is.
 */
account_link_status: [Nothing, AccountLinkStatus],
/**
 * Shows the settings.
 */
settings_get: [Nothing, Settings],
/**
 * Changes settings; what is left out stays.
 */
settings_set: [SettingsChange, Settings],
/**
 * Lists the seeds of the public network.
 */
seeds_list: [Nothing, Array<Seed>],
/**
 * Adds a seed, by link or by address.
 */
seed_add: [SeedRef, Seed],
/**
 * Removes a seed.
 */
seed_remove: [SeedRef, null],
/**
 * Describes this node for a report, without secrets.
 */
diagnostics: [Nothing, string],
/**
 * Lists the networks that this profile is in.
 */
networks_list: [Nothing, Array<Network>],
/**
 * Creates a private network with this account as its admin.
 */
network_create: [NetworkCreate, NetworkCreated],
/**
 * Makes a secret-free link for someone who was added.
 */
network_link: [NetworkRef, LinkText],
/**
 * Makes an invite that lets one account into a private network, once.
 */
network_invite: [NetworkInviteWish, LinkText],
/**
 * Lists the invites that this installation gave out, newest first.
 */
network_invites: [NetworkRef, Array<NetworkInvite>],
/**
 * Takes an invite back that nobody has used.
 */
network_invite_revoke: [NetworkInviteRef, null],
/**
 * Joins a private network by its link or an invite.
 */
network_join: [LinkRef, NetworkJoined],
/**
 * Leaves a private network and forgets what belongs to it.
 */
network_leave: [NetworkRef, null],
/**
 * Confirms a network's members for another while.
 */
network_confirm: [NetworkRef, Network],
/**
 * Sets how long a network's members count as confirmed, and what happens then.
 */
network_set_policy: [NetworkSetPolicy, Network],
/**
 * Makes this account an admin of a network by its recovery words.
 */
network_recover: [NetworkRecover, Network],
/**
 * Puts the history of a network's members together, by its recovery words.
 */
network_tidy: [NetworkRecover, Network],
/**
 * Writes the plain list of a network's members to a file.
 */
network_export: [NetworkExport, ListChange],
/**
 * Makes a network's members those of a plain list.
 */
network_import: [NetworkImport, ListChange],
/**
 * Writes a private network to a file, for the configuration of a device that is offline.
 */
network_bundle: [NetworkBundle, BundleWritten],
/**
 * Lists the live connections of a network.
 */
network_peers: [NetworkRef, Array<NetworkPeer>],
/**
 * Tells who keeps messages for this account in a network, and how much this node keeps.
 */
mailboxes_list: [NetworkRef, Mailboxes],
/**
 * Has somebody keep messages for this account while it is away, or no longer.
 */
mailbox_ask: [MailboxAsk, Mailboxes],
/**
 * Is willing to keep messages for somebody while they are away, or no longer.
 */
mailbox_offer: [MailboxOffer, Mailboxes],
/**
 * Lists what a network's admins did, newest first.
 */
network_log: [NetworkLogPage, Array<NetworkOperation>],
/**
 * Lists the members of a private network.
 */
members_list: [NetworkRef, Array<Member>],
/**
 * Lets an account into a private network.
 */
member_add: [MemberAdd, MemberAdded],
/**
 * Removes an account from a private network and cuts it off.
 */
member_remove: [MemberRef, MemberRemoved],
/**
 * Gives a member another role.
 */
member_set_role: [MemberSetRole, Member],
/**
 * Lists what the gate refused, newest first.
 */
gate_log: [GateLogPage, Array<Refusal>],
/**
 * Tells what a link is and would do; changes nothing.
 */
link_inspect: [LinkRef, LinkInspection],
/**
 * Makes an invite link of the public network.
 */
contact_invite: [Nothing, LinkText],
/**
 * Finds who goes by a name in the public network and wants to be found by it.
 */
contact_find: [ContactFind, Array<ContactFound>],
/**
 * Asks someone to be a contact.
 */
contact_add: [ContactAdd, Contact],
/**
 * Lists contacts; of a private network its members.
 */
contacts_list: [NetworkFilter, Array<Contact>],
/**
 * Accepts a request.
 */
contact_accept: [ContactRef, Contact],
/**
 * Declines a request.
 */
contact_decline: [ContactRef, null],
/**
 * Refuses an account at the connection.
 */
contact_block: [ContactRef, Contact],
/**
 * Takes a block back.
 */
contact_unblock: [ContactRef, null],
/**
 * Removes a contact.
 */
contact_remove: [ContactRef, null],
/**
 * Shows a contact by another name.
 */
contact_rename: [ContactRename, Contact],
/**
 * Shows the number that both sides compare.
 */
contact_safety_number: [ContactRef, SafetyNumber],
/**
 * Notes that the safety numbers were compared.
 */
contact_verify: [ContactVerify, Contact],
/**
 * Lists the groups, also those that this account is in no longer.
 */
groups_list: [NetworkFilter, Array<Group>],
/**
 * Begins a group of members of a private network.
 */
group_create: [GroupCreate, Group],
/**
 * Gives a group another title.
 */
group_rename: [GroupRename, Group],
/**
 * Adds members of the network to a group; they get nothing that was written before.
 */
group_add: [GroupAdd, Group],
/**
 * Removes somebody from a group, who can read nothing that is written from then on.
 */
group_remove: [GroupRemove, Group],
/**
 * Leaves a group.
 */
group_leave: [GroupRef, Group],
/**
 * Makes a member of a group an admin, or one no longer.
 */
group_admin: [GroupAdmin, Group],
/**
 * Lists the conversations: the pinned ones first, then the newest.
 */
conversations_list: [NetworkFilter, Array<Conversation>],
/**
 * Sends a text; it is stored before this returns.
 */
message_send: [MessageSend, MessageAccepted],
/**
 * Reacts to a message with one emoji, or takes the reaction back.
 */
message_react: [MessageReact, Message],
/**
 * Gives a message of this account another text, here and at its recipient.
 */
message_edit: [MessageEdit, Message],
/**
 * Deletes a message: one's own for everyone, another's in this profile only.
 */
message_delete: [MessageDelete, Message],
/**
 * Lists the messages of a conversation, oldest first.
 */
messages_list: [MessagesPage, Array<Message>],
/**
 * Looks for words in all conversations, or in one; newest first.
 */
messages_search: [MessagesSearch, Array<MessageFound>],
/**
 * Marks a conversation as read, or only the messages up to one.
 */
conversation_read: [ConversationRead, null],
/**
 * Mutes, pins, archives or marks a conversation as unread, and keeps its draft.
 */
conversation_set: [ConversationSet, Conversation],
/**
 * Tells a connected peer that something is being written, where both sides want that.
 */
conversation_typing: [ConversationTyping, null],
/**
 * Offers a file of this computer to a contact or member; it is sent when they accept.
 */
file_send: [FileSend, File],
/**
 * Lists the files that were offered, newest first, 500 at most.
 */
files_list: [NetworkFilter, Array<File>],
/**
 * Accepts an offered file.
 */
file_accept: [FileAccept, File],
/**
 * Declines an offered file.
 */
file_decline: [FileRef, File],
/**
 * Stops a file, whoever offers it.
 */
file_cancel: [FileRef, File],
/**
 * Shows what a file that is here looks like: a picture, or the beginning of a text.
 */
file_preview: [FileRef, FilePreview],
/**
 * Lists the things of all devices.
 */
devices_list: [NetworkFilter, Array<Device>],
/**
 * Claims a device for a network.
 */
device_claim: [DeviceClaim, Array<Device>],
/**
 * Shows the link by which this node's own device can be claimed, while its window is open.
 */
device_claim_link: [Nothing, LinkText],
/**
 * Opens the claim window of this node's own device again, with a new code.
 */
device_pairing_open: [DevicePairing, LinkText],
/**
 * Shows a thing's description.
 */
device_describe: [ThingRef, ThingDescription],
/**
 * Reads a property.
 */
device_read: [PropertyRef, PropertyState],
/**
 * Asks a property to become another value.
 */
device_write: [PropertyWrite, PropertyState],
/**
 * Has a thing's properties and events sent as events.
 */
device_observe: [ThingRef, null],
/**
 * Ends what `device_observe` began.
 */
device_unobserve: [ThingRef, null],
/**
 * Starts an action.
 */
device_invoke: [ActionInvoke, ActionStatus],
/**
 * Shows how far an action got.
 */
device_action: [ActionRef, ActionStatus],
/**
 * Stops an action.
 */
device_cancel: [ActionRef, ActionStatus],
/**
 * Shows a thing by another title.
 */
device_rename: [DeviceRename, Device],
/**
 * Puts a thing into a room.
 */
device_room: [DeviceRoom, Device],
/**
 * Gives an account a right on a device.
 */
device_grant: [DeviceGrant, Grant],
/**
 * Takes an account's right on a device.
 */
device_revoke: [DeviceRevoke, null],
/**
 * Lists the rights on a device.
 */
device_grants: [DeviceRef, Array<Grant>],
/**
 * Lists what was done with a device, newest first.
 */
device_audit: [AuditPage, Array<AuditEntry>],
/**
 * Removes a device from this profile.
 */
device_remove: [DeviceRef, null],
/**
 * Makes a practice network on this computer: a person who answers, and a home with devices.
 */
demo_start: [Nothing, DemoStarted],
/**
 * Removes the practice network with everything in it.
 */
demo_stop: [Nothing, null],
/**
 * Tells whether there is a practice network.
 */
demo_status: [Nothing, DemoStatus],
/**
 * Brings the desktop app's window to the front; a link is shown for inspection.
 */
window_show: [WindowShow, null], };

/**
 * Another account.
 */
export type Contact = {
/**
 * The account.
 */
peer: Peer,
/**
 * The name it is shown by.
 */
name: string,
/**
 * The network it is known in.
 */
network: NetworkKey,
/**
 * How far the two know each other.
 */
state: ContactState,
/**
 * What is known of where it is.
 */
presence: Presence,
/**
 * When it was last connected.
 */
last_seen: number | null,
/**
 * Whether the safety numbers were compared.
 */
verified: boolean,
/**
 * Since when it is in this state.
 */
since: number,
/**
 * The rights it holds on devices of this profile.
 */
grants: Array<ContactGrant>,
/**
 * The fingerprint of its account key, in groups.
 */
fingerprint: string,
/**
 * What kind of participant it is, where it is known.
 */
kind?: Kind,
/**
 * What it is in the private network.
 */
role?: Role,
/**
 * Since when the account is no more: its owner deleted it, and nothing reaches it any more.
 */
gone_since?: number, };

/**
 * Asks to know someone, by invite link or by key.
 */
export type ContactAdd = {
/**
 * An invite link.
 */
link?: string,
/**
 * An account.
 */
peer?: Peer,
/**
 * The name to show it by.
 */
name?: string, };

/**
 * A computer of a contact, as it became known.
 */
export type ContactComputer = {
/**
 * Its PeerId.
 */
node: Node,
/**
 * Since when it is known.
 */
since: number,
/**
 * Whether the contact had others before.
 */
is_new: boolean,
/**
 * Whether something for the contact is sent to it now.
 */
in_use: boolean, };

/**
 * Looks for people by name in the public network.
 */
export type ContactFind = {
/**
 * The name to look for; the case of its letters makes no difference.
 */
name: string, };

/**
 * Someone who goes by a name; several may.
 */
export type ContactFound = {
/**
 * The account.
 */
peer: Peer,
/**
 * Its name, as it writes it.
 */
name: string,
/**
 * The fingerprint of its account key, in groups.
 */
fingerprint: string, };

/**
 * A right that a contact holds on a device of this profile.
 */
export type ContactGrant = {
/**
 * The device's host.
 */
device: Peer,
/**
 * The one thing it is narrowed to.
 */
thing?: ThingUrl,
/**
 * How much it may do.
 */
level: Level, };

/**
 * The arguments of `contact_nodes`.
 */
export type ContactNodes = {
/**
 * The contact.
 */
peer: Peer,
/**
 * Its network; the public one where left out.
 */
network?: NetworkKey, };

/**
 * Names a contact.
 */
export type ContactRef = {
/**
 * The account.
 */
peer: Peer,
/**
 * The network it is known in; the public one where left out.
 */
network?: NetworkKey, };

/**
 * Shows a contact by another name.
 */
export type ContactRename = {
/**
 * The account.
 */
peer: Peer,
/**
 * The name to show it by.
 */
name: string,
/**
 * The network it is known in; the public one where left out.
 */
network?: NetworkKey, };

/**
 * How far two accounts know each other.
 */
export type ContactState = "accepted" | "blocked" | "incoming" | "requested";

/**
 * Notes that the safety numbers were compared, or takes it back.
 */
export type ContactVerify = {
/**
 * The account.
 */
peer: Peer,
/**
 * Whether they were alike.
 */
verified: boolean,
/**
 * The network it is known in; the public one where left out.
 */
network?: NetworkKey, };

/**
 * A conversation.
 */
export type Conversation = {
/**
 * Its network.
 */
network: NetworkKey,
/**
 * The other side.
 */
peer: Party,
/**
 * What it is shown by.
 */
title: string,
/**
 * Its newest message.
 */
last: Message | null,
/**
 * How many messages were not read.
 */
unread: number,
/**
 * The first of those.
 */
first_unread?: MessageKey,
/**
 * What was begun to be written.
 */
draft: string,
/**
 * Until when it is quiet: no notification, and its unread messages do not count.
 */
muted_until?: number,
/**
 * Whether it stands before the others.
 */
pinned: boolean,
/**
 * Whether it was put away, until a message comes.
 */
archived: boolean,
/**
 * Whether it counts as unread though it was read.
 */
marked_unread: boolean, };

/**
 * Tells how far a conversation was read.
 */
export type ConversationRead = {
/**
 * The network; may be left out where the peer is known in one only.
 */
network?: NetworkKey,
/**
 * The other side.
 */
peer: Party,
/**
 * The last message that was seen; everything where left out.
 */
through?: MessageKey, };

/**
 * Changes what is chosen for a conversation; what is left out stays.
 */
export type ConversationSet = {
/**
 * The network; may be left out where the peer is known in one only.
 */
network?: NetworkKey,
/**
 * The other side.
 */
peer: Party,
/**
 * What was begun to be written, at most 64 KiB; empty when nothing is.
 */
draft?: string,
/**
 * Until when it is quiet; 0 to be told again, 253402300799000 for ever.
 */
muted_until?: number,
/**
 * Whether it stands before the others; 20 may.
 */
pinned?: boolean,
/**
 * Whether it is put away, until a message comes while it is not muted.
 */
archived?: boolean,
/**
 * Whether it counts as unread though it was read.
 */
marked_unread?: boolean, };

/**
 * Says that something is being written in a conversation.
 */
export type ConversationTyping = {
/**
 * The network; may be left out where the peer is known in one only.
 */
network?: NetworkKey,
/**
 * The other side.
 */
peer: Party,
/**
 * Whether it is, which is meant where it is left out; false when the person has stopped.
 */
typing?: boolean, };

/**
 * A practice network that was made.
 */
export type DemoStarted = {
/**
 * Its id.
 */
network: NetworkKey,
/**
 * Its name.
 */
name: string, };

/**
 * How far the practice network is.
 */
export type DemoState = "none" | "running" | "starting";

/**
 * The practice network as it is now.
 */
export type DemoStatus = {
/**
 * How far it is.
 */
state: DemoState,
/**
 * Its id, where it is known.
 */
network?: NetworkKey, };

/**
 * A thing and the device that hosts it.
 */
export type Device = {
/**
 * The host's account.
 */
device: Peer,
/**
 * The thing.
 */
thing: ThingUrl,
/**
 * What it is shown by.
 */
title: string,
/**
 * The network it is reached in.
 */
network: NetworkKey,
/**
 * Whether it answers.
 */
state: DeviceState,
/**
 * Why it does not answer.
 */
reason: string | null,
/**
 * When it was last connected.
 */
last_seen: number | null,
/**
 * How much this account may do.
 */
level: Level | null,
/**
 * The room it is shown in.
 */
room?: string,
/**
 * Its semantic types, of the Thing Description's `@type`.
 */
types: Array<string>,
/**
 * The last known values of its properties.
 */
values: Record<string, PropertyState>, };

/**
 * Claims a device for a network.
 */
export type DeviceClaim = {
/**
 * The claim link that the device shows.
 */
link: string,
/**
 * The network it becomes a member of.
 */
network: NetworkKey, };

/**
 * Gives an account a right on a device.
 */
export type DeviceGrant = {
/**
 * The device's host.
 */
device: Peer,
/**
 * Who gets the right.
 */
peer: Peer,
/**
 * How much it may do.
 */
level: Level,
/**
 * When the right ends.
 */
expires_at?: number,
/**
 * The one thing it is narrowed to.
 */
thing?: ThingUrl,
/**
 * The properties and actions it is narrowed to.
 */
affordances?: Array<string>, };

/**
 * Opens the claim window of this node's own device again.
 */
export type DevicePairing = {
/**
 * The host's account.
 */
device: Peer,
/**
 * For how long; 5 minutes where left out.
 */
minutes?: number, };

/**
 * Names a device.
 */
export type DeviceRef = {
/**
 * The host's account.
 */
device: Peer, };

/**
 * Shows a thing by another title.
 */
export type DeviceRename = {
/**
 * The thing.
 */
thing: ThingUrl,
/**
 * What it is shown by from now on.
 */
title: string, };

/**
 * Takes an account's right on a device.
 */
export type DeviceRevoke = {
/**
 * The device's host.
 */
device: Peer,
/**
 * Whose right ends.
 */
peer: Peer, };

/**
 * Puts a thing into a room.
 */
export type DeviceRoom = {
/**
 * The thing.
 */
thing: ThingUrl,
/**
 * The room; empty takes it out.
 */
room: string, };

/**
 * Whether a device answers.
 */
export type DeviceState = "offline" | "online" | "unclaimed";

/**
 * Who opened a connection.
 */
export type Direction = "inbound" | "outbound";

/**
 * Why a command failed.
 */
export type Error = {
/**
 * What a program decides by.
 */
code: Code,
/**
 * What a person reads.
 */
message: string,
/**
 * More, for a program.
 */
details?: Record<string, unknown>, };

/**
 * Something that changed.
 *
 * Where an object is `null`, it is gone.
 */
export type Event = { "type": "account",
/**
 * When.
 */
at: number,
/**
 * The account now.
 */
account: AccountStatus, } | { "type": "action",
/**
 * When.
 */
at: number,
/**
 * The thing.
 */
thing: ThingUrl,
/**
 * The action's name.
 */
action: string,
/**
 * The action's id.
 */
action_id: string,
/**
 * How far it got.
 */
state: ActionState,
/**
 * How much is done, from 0 to 100.
 */
progress?: number,
/**
 * What it gave.
 */
output?: unknown,
/**
 * Why it failed.
 */
error?: string, } | { "type": "contact",
/**
 * When.
 */
at: number,
/**
 * Where it is known.
 */
network: NetworkKey,
/**
 * The account.
 */
peer: Peer,
/**
 * The contact now.
 */
contact: Contact | null, } | { "type": "conversation",
/**
 * When.
 */
at: number,
/**
 * The conversation now.
 */
conversation: Conversation, } | { "type": "device",
/**
 * When.
 */
at: number,
/**
 * The network of the device.
 */
network: NetworkKey,
/**
 * The host's account.
 */
peer: Peer,
/**
 * The thing now; `null` when the device is gone with all its things.
 */
device: Device | null, } | { "type": "device_event",
/**
 * When.
 */
at: number,
/**
 * The thing.
 */
thing: ThingUrl,
/**
 * The event's name.
 */
event: string,
/**
 * What it carried.
 */
data: unknown, } | { "type": "file",
/**
 * When.
 */
at: number,
/**
 * The file now.
 */
file: File, } | { "type": "grant",
/**
 * When.
 */
at: number,
/**
 * The host's account.
 */
device: Peer, } | { "type": "lagged",
/**
 * When.
 */
at: number,
/**
 * How many events were missed.
 */
missed: number, } | { "type": "link",
/**
 * When.
 */
at: number,
/**
 * The link.
 */
link: string, } | { "type": "member",
/**
 * When.
 */
at: number,
/**
 * The network.
 */
network: NetworkKey,
/**
 * The account.
 */
peer: Peer,
/**
 * The member now.
 */
member: Member | null, } | { "type": "group",
/**
 * When.
 */
at: number,
/**
 * The group now.
 */
group: Group, } | { "type": "message",
/**
 * When.
 */
at: number,
/**
 * The message now.
 */
message: Message, } | { "type": "network",
/**
 * When.
 */
at: number,
/**
 * The network's id.
 */
id: NetworkKey,
/**
 * The network now.
 */
network: Network | null, } | { "type": "notice",
/**
 * When.
 */
at: number,
/**
 * What a program decides by.
 */
code: string,
/**
 * What a person reads.
 */
text: string, } | { "type": "open",
/**
 * When.
 */
at: number,
/**
 * Its network.
 */
network: NetworkKey,
/**
 * The other side.
 */
peer: Party, } | { "type": "presence",
/**
 * When.
 */
at: number,
/**
 * The network.
 */
network: NetworkKey,
/**
 * The account.
 */
peer: Peer,
/**
 * What is known now.
 */
presence: Presence,
/**
 * When it was last connected.
 */
last_seen: number | null, } | { "type": "property",
/**
 * When the device said so.
 */
at: number,
/**
 * The thing.
 */
thing: ThingUrl,
/**
 * The property's name.
 */
property: string,
/**
 * What the device last said it is.
 */
reported: unknown,
/**
 * What it was asked to be, and is not yet.
 */
target?: unknown,
/**
 * Since when it was asked to be another.
 */
pending_since?: number, } | { "type": "refused",
/**
 * When.
 */
at: number,
/**
 * The refusal.
 */
refused: Refusal, } | { "type": "typing",
/**
 * When.
 */
at: number,
/**
 * The network.
 */
network: NetworkKey,
/**
 * Who.
 */
peer: Peer,
/**
 * Until when that counts, unless it is said again.
 */
until: number, };

/**
 * A file.
 */
export type File = {
/**
 * Its id: that of the message that offers it.
 */
id: MessageKey,
/**
 * The network of the conversation.
 */
network: NetworkKey,
/**
 * The other side of the conversation.
 */
peer: Peer,
/**
 * Whether this account offers it.
 */
own: boolean,
/**
 * What it is called.
 */
name: string,
/**
 * What its sender takes it for, as a media type.
 */
media?: string,
/**
 * Its size, in bytes.
 */
bytes: number,
/**
 * How many of them are there, verified.
 */
done: number,
/**
 * Bytes a second.
 */
rate: number,
/**
 * How far it is.
 */
state: FileState,
/**
 * Why it failed or waits: `changed`, `gone`, `wrong` or `unreadable`.
 */
failure?: string,
/**
 * Where it lies: of one's own the source, of another's where it went.
 */
path?: string,
/**
 * When it was offered.
 */
offered_at: number, };

/**
 * Accepts a file.
 */
export type FileAccept = {
/**
 * The file.
 */
id: MessageKey,
/**
 * The folder that it goes to, or the file that it becomes, absolute; the downloads where left
 * out. Nothing that is there is overwritten.
 */
path?: string,
/**
 * Its network; only needed where the same id is in several.
 */
network?: NetworkKey,
/**
 * The other side of its conversation; only needed where the same id is in several.
 */
peer?: Peer, };

/**
 * What a file that is here looks like: one of the two.
 */
export type FilePreview = {
/**
 * A picture, as a `data:` address; of kinds that hold no script, and of a bounded size.
 */
picture: string | null,
/**
 * The beginning of a text.
 */
text: string | null,
/**
 * Whether there is more of the text.
 */
is_cut: boolean, };

/**
 * Names a file.
 */
export type FileRef = {
/**
 * The file.
 */
id: MessageKey,
/**
 * Its network; only needed where the same id is in several.
 */
network?: NetworkKey,
/**
 * The other side of its conversation; only needed where the same id is in several.
 */
peer?: Peer, };

/**
 * Offers a file.
 */
export type FileSend = {
/**
 * The network; may be left out where the peer is known in one only.
 */
network?: NetworkKey,
/**
 * To whom.
 */
peer: Peer,
/**
 * Where it lies, absolute; it has to stay there until it is sent.
 */
path: string, };

/**
 * How far a file is.
 */
export type FileState = "cancelled" | "declined" | "done" | "failed" | "held" | "offered" | "preparing" | "running" | "waiting";

/**
 * Messages that are missing directly before one that is here.
 */
export type Gap = {
/**
 * How many.
 */
missing: number,
/**
 * How far asking for them is.
 */
state: GapState, };

/**
 * How far asking for missing messages is.
 */
export type GapState = "asked" | "gone" | "waiting";

/**
 * Pages through what the gate refused.
 */
export type GateLogPage = {
/**
 * One network; all of them where left out.
 */
network?: NetworkKey,
/**
 * Only what is older than this entry.
 */
before?: string,
/**
 * How many at most.
 */
limit?: number, };

/**
 * A right on a device.
 */
export type Grant = {
/**
 * Who holds it.
 */
peer: Peer,
/**
 * The name it is shown by.
 */
name: string | null,
/**
 * How much it may do.
 */
level: Level,
/**
 * When it ends.
 */
expires_at: number | null,
/**
 * Who gave it.
 */
issued_by: Peer,
/**
 * When it was given.
 */
issued_at: number,
/**
 * The one thing it is narrowed to.
 */
thing?: ThingUrl,
/**
 * The properties and actions it is narrowed to; all where empty.
 */
affordances: Array<string>, };

/**
 * A group.
 */
export type Group = {
/**
 * Its id, which stands wherever the other side of a conversation does.
 */
group: GroupKey,
/**
 * Its network.
 */
network: NetworkKey,
/**
 * What it is called.
 */
title: string,
/**
 * Whether this account is in it; what was written before can still be read.
 */
member: boolean,
/**
 * Whether this account may change it.
 */
admin: boolean,
/**
 * Who belongs to it.
 */
members: Array<GroupMember>, };

/**
 * Adds members of the network to a group.
 */
export type GroupAdd = {
/**
 * The group.
 */
group: GroupKey,
/**
 * Who.
 */
peers: Array<Peer>, };

/**
 * Makes a member of a group an admin, or one no longer.
 */
export type GroupAdmin = {
/**
 * The group.
 */
group: GroupKey,
/**
 * Who.
 */
peer: Peer,
/**
 * Whether it is to be one.
 */
admin: boolean, };

/**
 * Begins a group.
 */
export type GroupCreate = {
/**
 * The private network.
 */
network: NetworkKey,
/**
 * What it is called.
 */
title: string,
/**
 * Members of the network, at most 49.
 */
peers: Array<Peer>, };

/**
 * A group: `group:` and its id in lower-case base32.
 */
export type GroupKey = string;

/**
 * Somebody in a group.
 */
export type GroupMember = {
/**
 * Who.
 */
peer: Peer,
/**
 * What it is called.
 */
name: string,
/**
 * Whether it may change the group.
 */
admin: boolean,
/**
 * Since when it belongs to it.
 */
since: number, };

/**
 * Names a group.
 */
export type GroupRef = {
/**
 * The group.
 */
group: GroupKey, };

/**
 * Removes somebody from a group.
 */
export type GroupRemove = {
/**
 * The group.
 */
group: GroupKey,
/**
 * Who.
 */
peer: Peer, };

/**
 * Gives a group another title.
 */
export type GroupRename = {
/**
 * The group.
 */
group: GroupKey,
/**
 * What it is called from now on.
 */
title: string, };

/**
 * How many changes of its members a private network remembers.
 */
export type History = {
/**
 * So many.
 */
operations: number,
/**
 * So many at most; `network_tidy` puts them together.
 */
limit: number, };

/**
 * One of the account's own installations.
 */
export type Installation = {
/**
 * Its PeerId.
 */
node: Node,
/**
 * Whether it is this one.
 */
this: boolean,
/**
 * When it was certified.
 */
since: number,
/**
 * When its certificate ends.
 */
expires_at: number,
/**
 * When it was last connected to this one.
 */
last_seen: number | null,
/**
 * Whether it is connected to this one now.
 */
connected: boolean,
/**
 * When it was revoked: it is nobody's any more.
 */
revoked_at: number | null, };

/**
 * Whether an invite is good.
 */
export type InviteState = "expired" | "open" | "revoked" | "used";

/**
 * How far joining got.
 */
export type JoinState = "joined" | "waiting";

/**
 * How far this account has got with somebody who might keep messages for it.
 */
export type KeeperState = "agreed" | "asked" | "declined" | "offered";

/**
 * Where the secrets of a profile lie.
 */
export type KeyStore = "file" | "keyring";

/**
 * What kind of participant a peer is.
 */
export type Kind = "device" | "hub" | "human";

/**
 * How much an account may do with a device.
 */
export type Level = "view" | "operate" | "manage" | "admin" | "owner";

/**
 * A link that was read and not acted upon.
 */
export type LinkInspection = {
/**
 * What it is for.
 */
kind: LinkKind,
/**
 * The account that it is from.
 */
peer: Peer | null,
/**
 * The fingerprint of that account.
 */
fingerprint: string | null,
/**
 * The node that it leads to.
 */
node: Node | null,
/**
 * The network that it is about.
 */
network: NetworkKey | null,
/**
 * The name of the person, network or device in it.
 */
name: string | null,
/**
 * Where it leads.
 */
addresses: Array<string>,
/**
 * When it stops working.
 */
expires_at: number | null,
/**
 * Whether it has stopped working.
 */
expired: boolean,
/**
 * Whether the person, network, device or seed is known already.
 */
known: boolean,
/**
 * What accepting it would do, in a sentence.
 */
effect: string, };

/**
 * What a link is for.
 */
export type LinkKind = "claim" | "invite" | "network" | "node" | "seed";

/**
 * Names a link.
 */
export type LinkRef = {
/**
 * The `streembit:` link.
 */
link: string, };

/**
 * A link.
 */
export type LinkText = {
/**
 * The `streembit:` link.
 */
link: string,
/**
 * When it stops working.
 */
expires_at?: number,
/**
 * The link as a QR code, an SVG document.
 */
qr?: string, };

/**
 * What an import or export changed, or would change.
 */
export type ListChange = {
/**
 * Who comes in; on export, who was written.
 */
added: Array<ListedMember>,
/**
 * Who goes out.
 */
removed: Array<ListedMember>,
/**
 * Whose name or role becomes another.
 */
changed: Array<ListedMember>, };

/**
 * A member of a plain list.
 */
export type ListedMember = {
/**
 * The account.
 */
peer: Peer,
/**
 * Its name.
 */
name: string,
/**
 * What it is in the network.
 */
role: Role, };

/**
 * Somebody for whom this node keeps messages, or might.
 */
export type MailAgreement = {
/**
 * The account.
 */
peer: Peer,
/**
 * What it is called.
 */
name: string | null,
/**
 * How far both are.
 */
state: AgreementState, };

/**
 * Somebody who keeps messages for this account.
 */
export type MailKeeper = {
/**
 * The account.
 */
peer: Peer,
/**
 * What it is called.
 */
name: string | null,
/**
 * Whether it is connected now.
 */
online: boolean,
/**
 * How far this account has got with it.
 */
state: KeeperState, };

/**
 * How much a mailbox keeps, and may keep.
 */
export type MailKept = {
/**
 * Copies.
 */
copies: number,
/**
 * Their bytes, with what each costs besides.
 */
bytes: number,
/**
 * Copies that may be kept.
 */
max_copies: number,
/**
 * Bytes that may be kept.
 */
max_bytes: number, };

/**
 * Why a mailbox kept nothing.
 */
export type MailTrouble = {
/**
 * `full`, `denied`, `too_large`, `no_keys`, `no_mailbox` or `unreachable`.
 */
code: string,
/**
 * When that was.
 */
at: number, };

/**
 * Asks somebody to keep messages, or no longer.
 */
export type MailboxAsk = {
/**
 * The account.
 */
peer: Peer,
/**
 * The network; the public one where left out.
 */
network?: NetworkKey,
/**
 * Whether it is to keep messages for this account.
 */
wanted: boolean, };

/**
 * Offers to keep messages for somebody, or no longer.
 */
export type MailboxOffer = {
/**
 * The account.
 */
peer: Peer,
/**
 * The network; the public one where left out.
 */
network?: NetworkKey,
/**
 * Whether this node is willing to keep messages for it.
 */
willing: boolean, };

/**
 * The mailboxes of one network.
 */
export type Mailboxes = {
/**
 * Who keeps sealed copies for this account while it is away.
 */
keepers: Array<MailKeeper>,
/**
 * With whom this node has terms of its own: hubs keep for every member besides.
 */
agreements: Array<MailAgreement>,
/**
 * What this node keeps for others; left out where it keeps for nobody.
 */
kept?: MailKept,
/**
 * Why the last message that was to be left in a mailbox was kept nowhere.
 */
trouble?: MailTrouble, };

/**
 * A member of a private network.
 */
export type Member = {
/**
 * The account.
 */
peer: Peer,
/**
 * Its name in the network.
 */
name: string,
/**
 * What it is in the network.
 */
role: Role,
/**
 * When it was added.
 */
added_at: number,
/**
 * Who added it.
 */
added_by: Peer,
/**
 * Whether it is connected now.
 */
online: boolean,
/**
 * When it was last connected.
 */
last_seen: number | null,
/**
 * Its installations that are known.
 */
nodes: Array<Node>, };

/**
 * Asks to let an account into a private network.
 */
export type MemberAdd = {
/**
 * The network.
 */
network: NetworkKey,
/**
 * The account.
 */
peer: Peer,
/**
 * Its name in the network.
 */
name: string,
/**
 * What it becomes; a member unless said otherwise.
 */
role?: Role, };

/**
 * A member that was added, and the link to hand over.
 */
export type MemberAdded = {
/**
 * The member.
 */
member: Member,
/**
 * The secret-free link by which it finds the network.
 */
link: string, };

/**
 * Names a member.
 */
export type MemberRef = {
/**
 * The network.
 */
network: NetworkKey,
/**
 * The account.
 */
peer: Peer, };

/**
 * What a removal did at once, and when it is certain.
 */
export type MemberRemoved = {
/**
 * How many members cut the account off: this one, and each that has confirmed it.
 */
disconnected: number,
/**
 * The names of those that have confirmed it.
 */
disconnected_names: Array<string>,
/**
 * How many members that are away will refuse it when they return.
 */
pending: number,
/**
 * Their names.
 */
pending_names: Array<string>,
/**
 * When even a member that stays away accepts it no more.
 */
certain_by: number | null, };

/**
 * Asks to give a member another role.
 */
export type MemberSetRole = {
/**
 * The network.
 */
network: NetworkKey,
/**
 * The account.
 */
peer: Peer,
/**
 * What it becomes.
 */
role: Role, };

/**
 * A message.
 */
export type Message = {
/**
 * Its id, the same on both sides.
 */
id: MessageKey,
/**
 * The network of the conversation.
 */
network: NetworkKey,
/**
 * The other side of the conversation.
 */
peer: Party,
/**
 * Who wrote it.
 */
from: Peer,
/**
 * What it says; of one that offers a file, the file's name.
 */
text: string,
/**
 * Whether it offers a file, which `files_list` has under the same id.
 */
file?: boolean,
/**
 * When its author sent it.
 */
sent_at: number,
/**
 * Its place in the conversation: messages are shown in this order.
 */
order: number,
/**
 * How far it got.
 */
state: MessageState,
/**
 * When it was stored here, where another wrote it.
 */
received_at?: number,
/**
 * The message it answers.
 */
reply_to?: MessageKey,
/**
 * Why it will not be sent, as a code.
 */
failure?: string,
/**
 * Where it waits once it has left this machine and before its recipient has it.
 */
via?: Via,
/**
 * Until when it waits there.
 */
kept_until?: number,
/**
 * Who reacted to it, each with one emoji.
 */
reactions: Array<Reaction>,
/**
 * When its author last changed its text.
 */
edited_at?: number,
/**
 * When its text was deleted; it says nothing since.
 */
deleted_at?: number,
/**
 * Whether it was deleted in this profile only.
 */
deleted_here?: boolean,
/**
 * How far one's own last edit, reaction or deletion got; left out once the other side has
 * signed for it.
 */
change?: ChangeState,
/**
 * What its author's node sent before it and is not here.
 */
gap?: Gap,
/**
 * Of one's own in a group: how many it is for, and how many have it and have read it.
 */
reach?: Reach,
/**
 * What change of its group it tells of; then it is no message.
 */
note?: Note,
/**
 * Whether it contradicts what its author's node said before, so that its line may be wrong.
 */
astray?: boolean, };

/**
 * A message that is stored and will be sent.
 */
export type MessageAccepted = {
/**
 * Its id.
 */
id: MessageKey,
/**
 * How far it got.
 */
state: MessageState, };

/**
 * Deletes a message.
 */
export type MessageDelete = {
/**
 * The message: one's own is deleted for everyone, another's in this profile only.
 */
id: MessageKey,
/**
 * Whether one's own is to be deleted in this profile only, too.
 */
here?: boolean,
/**
 * Its network; only needed where the same id is in several.
 */
network?: NetworkKey,
/**
 * The other side of its conversation; only needed where the same id is in several.
 */
peer?: Party, };

/**
 * Gives a message another text.
 */
export type MessageEdit = {
/**
 * The message, which this account wrote.
 */
id: MessageKey,
/**
 * What it says now.
 */
text: string,
/**
 * Its network; only needed where the same id is in several.
 */
network?: NetworkKey,
/**
 * The other side of its conversation; only needed where the same id is in several.
 */
peer?: Party, };

/**
 * A message that a search found.
 */
export type MessageFound = {
/**
 * Its id.
 */
id: MessageKey,
/**
 * Its network.
 */
network: NetworkKey,
/**
 * The other side of the conversation.
 */
peer: Party,
/**
 * Who wrote it.
 */
from: Peer,
/**
 * The words around what was found.
 */
snippet: string,
/**
 * Where in the snippet the words stand: each from, and up to, so many characters.
 */
marks: Array<[number, number]>,
/**
 * When its author sent it.
 */
sent_at: number, };

/**
 * A message's UUID.
 */
export type MessageKey = string;

/**
 * Reacts to a message.
 */
export type MessageReact = {
/**
 * The message.
 */
id: MessageKey,
/**
 * One emoji, in the place of an earlier one; empty to take the reaction back.
 */
emoji: string,
/**
 * Its network; only needed where the same id is in several.
 */
network?: NetworkKey,
/**
 * The other side of its conversation; only needed where the same id is in several.
 */
peer?: Party, };

/**
 * Asks to send a text.
 */
export type MessageSend = {
/**
 * The network; may be left out where the peer is known in one only.
 */
network?: NetworkKey,
/**
 * To whom.
 */
peer: Party,
/**
 * What it says.
 */
text: string,
/**
 * The message it answers.
 */
reply_to?: MessageKey, };

/**
 * How far a message got.
 *
 * Of one's own: what the recipient's signed receipts say. Of another's: `delivered` until it
 * was read here.
 */
export type MessageState = "delivered" | "failed" | "queued" | "read" | "sent";

/**
 * Reads a part of a conversation: the newest, or the one that `before`, `after`, `around` or `at`
 * names; at most one of these.
 */
export type MessagesPage = {
/**
 * The network; may be left out where the peer is known in one only.
 */
network?: NetworkKey,
/**
 * The other side.
 */
peer: Party,
/**
 * Only what is older than this message.
 */
before?: MessageKey,
/**
 * Only what is newer than this message.
 */
after?: MessageKey,
/**
 * This message, half of the rest from before it and half from since.
 */
around?: MessageKey,
/**
 * The same around the first message since then, or the last one where there is none.
 */
at?: number,
/**
 * How many at most.
 */
limit?: number, };

/**
 * Looks for words in all conversations, or in one.
 */
export type MessagesSearch = {
/**
 * The words to look for; every message found has all of them, the last one may go on.
 */
text: string,
/**
 * One network; all of them where left out.
 */
network?: NetworkKey,
/**
 * One conversation; all of them where left out.
 */
peer?: Party,
/**
 * How many at most.
 */
limit?: number, };

/**
 * A network that this profile is in.
 */
export type Network = {
/**
 * `public` or its id.
 */
network: NetworkKey,
/**
 * Its name.
 */
name: string,
/**
 * Whether anyone may join.
 */
kind: NetworkKind,
/**
 * How it is doing.
 */
state: NetworkState,
/**
 * What this account is in it.
 */
role: Role | null,
/**
 * How many accounts are connected now.
 */
peers: number,
/**
 * The addresses that this node listens on, ending in `/p2p/<node>`.
 */
addresses: Array<string>,
/**
 * Who can open a connection to this node.
 */
reachability: Reachability,
/**
 * When the members of a private network were confirmed last, by an admin or a hub.
 */
confirmed_at?: number,
/**
 * Who confirmed them.
 */
confirmed_by?: Peer,
/**
 * How many changes of its members a private network remembers.
 */
history?: History,
/**
 * Whether less is known here of the members than was known before, as after an old copy of the
 * database was put in place: then nobody is let in until another member has told the rest.
 */
is_behind?: boolean,
/**
 * When the members of a private network count as stale.
 */
stale_at?: number,
/**
 * How long the members of a private network count as confirmed.
 */
policy?: Policy,
/**
 * Who is to let this account in by its invite, as long as that has not happened.
 */
waiting_for?: string, };

/**
 * Asks for a private network in a file, for a device that is offline.
 */
export type NetworkBundle = {
/**
 * The network.
 */
network: NetworkKey,
/**
 * The file to write.
 */
path: string, };

/**
 * Asks for a private network.
 */
export type NetworkCreate = {
/**
 * Its name.
 */
name: string, };

/**
 * A private network that was created.
 */
export type NetworkCreated = {
/**
 * Its id.
 */
network: NetworkKey,
/**
 * Its name.
 */
name: string,
/**
 * The words that can appoint an admin when none is left.
 */
recovery: string, };

/**
 * Asks for the plain list of a network's members in a file.
 */
export type NetworkExport = {
/**
 * The network.
 */
network: NetworkKey,
/**
 * The TOML file to write.
 */
path: string, };

/**
 * Narrows a list to one network.
 */
export type NetworkFilter = {
/**
 * `public` or a private network's id; all of them where left out.
 */
network?: NetworkKey, };

/**
 * Makes a network's members those of a plain list.
 */
export type NetworkImport = {
/**
 * The network; may be left out where this profile is in one private network.
 */
network?: NetworkKey,
/**
 * The TOML file to read.
 */
path: string,
/**
 * Only tell what would change.
 */
dry_run?: boolean, };

/**
 * A one-time invite that this installation gave out.
 */
export type NetworkInvite = {
/**
 * Its id.
 */
id: string,
/**
 * What the guest is called.
 */
name: string | null,
/**
 * What the guest becomes.
 */
role: Role,
/**
 * When it was made.
 */
created_at: number,
/**
 * When it stops being good.
 */
expires_at: number,
/**
 * Whether it is good now.
 */
state: InviteState,
/**
 * Who used it.
 */
used_by: Peer | null,
/**
 * When it was used.
 */
used_at: number | null, };

/**
 * Names an invite.
 */
export type NetworkInviteRef = {
/**
 * The network.
 */
network: NetworkKey,
/**
 * The invite, as `network_invites` gives it.
 */
id: string, };

/**
 * Asks for a one-time invite into a private network.
 */
export type NetworkInviteWish = {
/**
 * The network.
 */
network: NetworkKey,
/**
 * What the guest is to be called there; its own name where left out.
 */
name?: string,
/**
 * What the guest becomes; a member unless said otherwise.
 */
role?: Role,
/**
 * For how many seconds it is good: 7 days unless said otherwise, 30 at most.
 */
expires_in_s?: number, };

/**
 * A network that was joined, or will be.
 */
export type NetworkJoined = {
/**
 * Its id.
 */
network: NetworkKey,
/**
 * Its name.
 */
name: string,
/**
 * How far it got.
 */
state: JoinState,
/**
 * What it waits for, in words.
 */
waiting_for?: string, };

/**
 * `public`, or the id of a private network.
 */
export type NetworkKey = string;

/**
 * Whether anyone may join.
 */
export type NetworkKind = "private" | "public";

/**
 * Pages through what a network's admins did.
 */
export type NetworkLogPage = {
/**
 * The network.
 */
network: NetworkKey,
/**
 * Only what is older than this entry.
 */
before?: string,
/**
 * How many at most.
 */
limit?: number, };

/**
 * A signed operation on the membership.
 */
export type NetworkOperation = {
/**
 * Its id.
 */
id: string,
/**
 * When its author says it was made.
 */
at: number,
/**
 * Who signed it.
 */
author: Peer,
/**
 * What its author is called, where it is known.
 */
author_name: string | null,
/**
 * What it did.
 */
operation: OperationKind,
/**
 * Whom it is about.
 */
peer: Peer | null,
/**
 * Which installation it is about.
 */
node: Node | null,
/**
 * The name in it.
 */
name: string | null,
/**
 * The role in it.
 */
role: Role | null,
/**
 * The policy in it.
 */
policy?: Policy,
/**
 * The operations that its author knew.
 */
heads: Array<string>, };

/**
 * A live connection.
 */
export type NetworkPeer = {
/**
 * The account.
 */
peer: Peer,
/**
 * The installation.
 */
node: Node,
/**
 * Its name, where it is known.
 */
name: string | null,
/**
 * Where it is.
 */
address: string,
/**
 * How bytes travel.
 */
transport: Transport,
/**
 * Whether a relay stands between.
 */
relayed: boolean,
/**
 * The last measured round trip.
 */
rtt_ms: number | null,
/**
 * When it connected.
 */
since: number, };

/**
 * Brings the recovery words of a network.
 */
export type NetworkRecover = {
/**
 * The network.
 */
network: NetworkKey,
/**
 * The 24 words that were shown when it was created.
 */
phrase: string, };

/**
 * Names a network.
 */
export type NetworkRef = {
/**
 * `public` or its id.
 */
network: NetworkKey, };

/**
 * Asks for another policy.
 */
export type NetworkSetPolicy = {
/**
 * The network.
 */
network: NetworkKey,
/**
 * Days after which the members count as stale, 1 to 365.
 */
stale_after_days: number,
/**
 * Whether nobody may connect then; otherwise people are only warned.
 */
cuts_off: boolean, };

/**
 * How a network is doing.
 */
export type NetworkState = "alone" | "connected" | "stale" | "starting";

/**
 * An installation: its libp2p PeerId.
 */
export type Node = string;

/**
 * The arguments of `node_link_confirm`.
 */
export type NodeLinkConfirm = {
/**
 * The code that the other computer shows.
 */
code: string, };

/**
 * A link for another computer of the same person.
 */
export type NodeLinkOffer = {
/**
 * The link, good once.
 */
link: string,
/**
 * Its QR code, an SVG document; none where it is too long for one.
 */
qr: string | null,
/**
 * When it stops being good.
 */
closes_at: number, };

/**
 * How far linking another computer is.
 */
export type NodeLinkStage = "none" | "waiting" | "compare" | "sending" | "done" | "closed";

/**
 * How far linking another computer is, on the one that has the account.
 */
export type NodeLinkStatus = {
/**
 * How far.
 */
stage: NodeLinkStage,
/**
 * The code to compare with the one that the other computer shows.
 */
code: string | null,
/**
 * When the link stops being good.
 */
closes_at: number | null,
/**
 * Bytes that were sent.
 */
sent: number,
/**
 * Bytes that there are; none before the code was confirmed.
 */
total: number | null, };

/**
 * The arguments of `node_revoke`.
 */
export type NodeRevoke = {
/**
 * The PeerId of the computer.
 */
node: string, };

/**
 * A change of a group, as its conversation tells it; who made it is who the line is from, and a
 * title is its text.
 */
export type Note = {
/**
 * What happened.
 */
what: NoteKind,
/**
 * To whom.
 */
peer?: Peer, };

/**
 * What happened to a group.
 */
export type NoteKind = "added" | "admin" | "created" | "left" | "no_admin" | "removed" | "renamed";

/**
 * The arguments of a command that takes none.
 */
export type Nothing = null;

/**
 * What an announcement on the desktop says of a message.
 */
export type NotificationContent = "full" | "name" | "nothing";

/**
 * What closing the window does.
 */
export type OnClose = "ask" | "keep" | "quit";

/**
 * What an operation on the membership did.
 */
export type OperationKind = "add" | "appoint" | "checkpoint" | "genesis" | "leave" | "policy" | "remove" | "rename" | "revoke_node" | "seal" | "set_role";

/**
 * The other side of a conversation: an account, or a group as `group:` and its id.
 */
export type Party = string;

/**
 * Changes the passphrase of the sealed file; the keys stay the same.
 */
export type PassphraseChange = {
/**
 * The present passphrase.
 */
old: string,
/**
 * The passphrase from now on.
 */
new: string, };

/**
 * An account: its key in lower-case base32.
 */
export type Peer = string;

/**
 * The 24 words that restore the account.
 */
export type Phrase = {
/**
 * The words, separated by spaces.
 */
phrase: string, };

/**
 * How long a private network's members count as confirmed, and what happens then.
 */
export type Policy = {
/**
 * Days after which the members count as stale, 1 to 365.
 */
stale_after_days: number,
/**
 * Whether nobody may connect then; otherwise people are only warned.
 */
cuts_off: boolean, };

/**
 * What is known of where an account is.
 */
export type Presence = "offline" | "online" | "reachable";

/**
 * Why a profile is locked, and what to do.
 */
export type Problem = {
/**
 * What a program decides by.
 */
code: Code,
/**
 * What a person reads.
 */
message: string, };

/**
 * Names a property.
 */
export type PropertyRef = {
/**
 * The thing.
 */
thing: ThingUrl,
/**
 * The property's name.
 */
property: string, };

/**
 * What a property is, and what it was asked to be.
 */
export type PropertyState = {
/**
 * What the device last said it is.
 */
reported: unknown,
/**
 * What it was asked to be, and is not yet.
 */
target?: unknown,
/**
 * Since when it was asked to be another.
 */
pending_since?: number,
/**
 * When the device said so.
 */
at: number, };

/**
 * Asks for another value.
 */
export type PropertyWrite = {
/**
 * The thing.
 */
thing: ThingUrl,
/**
 * The property's name.
 */
property: string,
/**
 * The value asked for.
 */
value: unknown, };

/**
 * How many of a group a message has come to.
 */
export type Reach = {
/**
 * How many it is for.
 */
recipients: number,
/**
 * How many have it.
 */
delivered: number,
/**
 * How many of those have read it.
 */
read: number, };

/**
 * Who can open a connection to this node.
 */
export type Reachability = "local" | "reachable" | "unknown";

/**
 * A reaction to a message.
 */
export type Reaction = {
/**
 * Whose it is.
 */
peer: Peer,
/**
 * The emoji.
 */
emoji: string, };

/**
 * A connection or request that the gate refused.
 */
export type Refusal = {
/**
 * Its id.
 */
id: string,
/**
 * When it happened.
 */
at: number,
/**
 * In which network.
 */
network: NetworkKey,
/**
 * The account, where one was claimed.
 */
peer?: Peer,
/**
 * The node, where the transport proved one.
 */
node?: Node,
/**
 * Where it came from.
 */
address: string,
/**
 * Who opened it.
 */
direction: Direction,
/**
 * Why, as a code: `not_listed`, `removed`, `blocked`, ….
 */
reason: string, };

/**
 * What a member is in a private network.
 */
export type Role = "admin" | "device" | "hub" | "member";

/**
 * A number that both sides see alike.
 */
export type SafetyNumber = {
/**
 * 60 digits in groups of 5.
 */
number: string,
/**
 * The same as a QR code, an SVG document.
 */
qr: string, };

/**
 * A node of the public network that is asked first.
 */
export type Seed = {
/**
 * Its multiaddress, ending in `/p2p/<node>`.
 */
address: string,
/**
 * Its PeerId.
 */
node: Node,
/**
 * When it was added.
 */
added_at: number,
/**
 * Whether it is connected now.
 */
connected: boolean, };

/**
 * Names a seed by its link or by its address.
 */
export type SeedRef = {
/**
 * A `streembit:seed/…` link.
 */
link?: string,
/**
 * A multiaddress ending in `/p2p/<node>`.
 */
address?: string, };

/**
 * What the profile remembers about how its person likes it.
 */
export type Settings = {
/**
 * Light, dark, or as the system is.
 */
appearance: Appearance,
/**
 * Whether new messages are announced on the desktop.
 */
notifications: boolean,
/**
 * What an announcement says.
 */
notification_content: NotificationContent,
/**
 * Whether others are told that a message was read.
 */
read_receipts: boolean,
/**
 * Whether others are told that something is being written, and it is shown when they write.
 */
typing: boolean,
/**
 * Whether strangers of the public network may ask to be a contact.
 */
contact_requests: boolean,
/**
 * Whether anyone in the public network finds this account by its name.
 */
findable: boolean,
/**
 * Up to how many bytes a file of somebody known is taken without asking; 0 for never.
 */
files_auto_accept: number,
/**
 * Where files go; an empty text for the system's folder for downloads.
 */
downloads: string,
/**
 * What closing the window does.
 */
on_close: OnClose,
/**
 * Whether it was said once that the node goes on in the tray.
 */
tray_hint_seen: boolean,
/**
 * Whether the 24 words were asked back and known.
 */
phrase_kept: boolean,
/**
 * Whether the first run was walked to its end.
 */
first_run_done: boolean,
/**
 * The things that are shown first, at most 256.
 */
favourites: Array<ThingUrl>, };

/**
 * The settings to change; what is left out stays.
 */
export type SettingsChange = {
/**
 * Light, dark, or as the system is.
 */
appearance?: Appearance,
/**
 * Whether new messages are announced on the desktop.
 */
notifications?: boolean,
/**
 * What an announcement says.
 */
notification_content?: NotificationContent,
/**
 * Whether others are told that a message was read.
 */
read_receipts?: boolean,
/**
 * Whether others are told that something is being written, and it is shown when they write.
 */
typing?: boolean,
/**
 * Whether strangers of the public network may ask to be a contact.
 */
contact_requests?: boolean,
/**
 * Whether anyone in the public network finds this account by its name.
 */
findable?: boolean,
/**
 * Up to how many bytes a file of somebody known is taken without asking; 0 for never.
 */
files_auto_accept?: number,
/**
 * Where files go: an absolute path, or an empty text for the system's folder for downloads.
 */
downloads?: string,
/**
 * What closing the window does.
 */
on_close?: OnClose,
/**
 * Whether it was said once that the node goes on in the tray.
 */
tray_hint_seen?: boolean,
/**
 * Whether the 24 words were asked back and known.
 */
phrase_kept?: boolean,
/**
 * Whether the first run was walked to its end.
 */
first_run_done?: boolean,
/**
 * The things that are shown first, at most 256.
 */
favourites?: Array<ThingUrl>, };

/**
 * A W3C Thing Description 1.1.
 */
export type ThingDescription = Record<string, unknown>;

/**
 * Names a thing.
 */
export type ThingRef = {
/**
 * The thing.
 */
thing: ThingUrl, };

/**
 * A thing: `streembit://<peer>/<name>`.
 */
export type ThingUrl = string;

/**
 * How bytes travel to a peer.
 */
export type Transport = "quic" | "tcp";

/**
 * Where a message waits for its recipient.
 */
export type Via = "mailbox";

/**
 * Asks for the window.
 */
export type WindowShow = {
/**
 * A link to show for inspection.
 */
link?: string, };
