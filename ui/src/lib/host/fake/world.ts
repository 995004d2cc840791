import type {
  File,
  AccountLinkStatus,
  AccountStatus,
  Contact,
  ContactComputer,
  Conversation,
  Device,
  Grant,
  Group,
  Installation,
  NetworkInvite,
  ListChange,
  Member,
  Message,
  Network,
  NetworkOperation,
  NetworkPeer,
  NodeLinkStatus,
  PropertyState,
  Refusal,
  Seed,
  Settings,
} from '../../model';
import type { Mailboxes } from '../../api';
import { nodeOf } from './keys';

/** Everything that the pretended node has. */
export interface World {
  account: AccountStatus;
  settings: Settings;
  networks: Network[];
  contacts: Contact[];
  files: File[];
  groups: Group[];
  messages: Message[];
  unread: Map<string, number>;
  /** What was chosen for conversations. */
  choices: Map<string, Partial<Conversation>>;
  members: Map<string, Member[]>;
  /** Who keeps for whom, beyond hubs. */
  mailboxes: Pick<Mailboxes, 'keepers' | 'agreements'>;
  invites: Map<string, NetworkInvite[]>;
  peers: Map<string, NetworkPeer[]>;
  log: Map<string, NetworkOperation[]>;
  refusals: Refusal[];
  /** What the file of members that is read would change. */
  listed: ListChange;
  devices: Device[];
  descriptions: Map<string, Record<string, unknown>>;
  properties: Map<string, Map<string, PropertyState>>;
  grants: Map<string, Grant[]>;
  seeds: Seed[];
  /** The computers of this account. */
  installations: Installation[];
  /** How far linking another computer is. */
  linking: NodeLinkStatus;
  /** How far linking this computer is. */
  joining: AccountLinkStatus;
  /** The computers of contacts. */
  computers: Map<string, ContactComputer[]>;
  /** Commands that fail, with the code they fail with. */
  failing: Map<string, string>;
  /** Things that never confirm what is asked of them. */
  slow: Set<string>;
}

export const SETTINGS: Settings = {
  appearance: 'system',
  notifications: true,
  notification_content: 'full',
  read_receipts: true,
  typing: true,
  contact_requests: true,
  findable: false,
  files_auto_accept: 10 * 1024 * 1024,
  downloads: '',
  on_close: 'ask',
  tray_hint_seen: false,
  phrase_kept: true,
  first_run_done: true,
  favourites: [],
};

const DAY = 86_400_000;

/** A computer of this account. */
export function installation(name: string, more: Partial<Installation> = {}): Installation {
  return {
    node: nodeOf(name),
    this: false,
    since: Date.now() - 40 * DAY,
    expires_at: Date.now() + 325 * DAY,
    last_seen: null,
    connected: false,
    revoked_at: null,
    ...more,
  };
}

/** A node on which nothing has happened yet. */
export function emptyWorld(): World {
  return {
    account: { state: 'none', peer: null, node: null, name: null, kind: null, key_store: null },
    settings: { ...SETTINGS, phrase_kept: false, first_run_done: false },
    networks: [],
    contacts: [],
    messages: [],
    files: [],
    groups: [],
    unread: new Map(),
    choices: new Map(),
    members: new Map(),
    mailboxes: { keepers: [], agreements: [] },
    invites: new Map(),
    peers: new Map(),
    log: new Map(),
    refusals: [],
    listed: { added: [], removed: [], changed: [] },
    devices: [],
    descriptions: new Map(),
    properties: new Map(),
    grants: new Map(),
    seeds: [],
    installations: [installation('Alice', { this: true, connected: true })],
    linking: { stage: 'none', code: null, closes_at: null, sent: 0, total: null },
    joining: { active: false, code: null, received: 0, total: null },
    computers: new Map(),
    failing: new Map(),
    slow: new Set(),
  };
}

function firstUnread(world: World, key: string): { first_unread?: string } {
  const unread = world.unread.get(key) ?? 0;
  const theirs = world.messages.filter(
    (each) => `${each.network}/${each.peer}` === key && each.from === each.peer,
  );
  const first = unread > 0 ? theirs.at(-unread) : undefined;
  return first ? { first_unread: first.id } : {};
}

/** The conversations that follow from the messages. */
export function conversationsOf(world: World): Conversation[] {
  const newest = new Map<string, Message>();
  for (const message of world.messages) newest.set(`${message.network}/${message.peer}`, message);
  return [...newest.entries()].map(([key, last]) => ({
    network: last.network,
    peer: last.peer,
    title:
      world.groups.find((each) => each.group === last.peer)?.title ??
      world.contacts.find((each) => each.peer === last.peer)?.name ??
      last.peer.slice(0, 8),
    last,
    unread: world.unread.get(key) ?? 0,
    ...firstUnread(world, key),
    draft: '',
    pinned: false,
    archived: false,
    marked_unread: false,
    ...world.choices.get(key),
  }));
}
