/** The node's types, by the names that the window uses. */
export type * from './api';
import type { Commands, Contact, Event, Message, Network } from './api';

export type CommandName = keyof Commands;

/** The arguments of a command; nothing where it takes none. */
export type Arguments<N extends CommandName> = Commands[N][0] extends null
  ? []
  : [args: Commands[N][0]];

export type Result<N extends CommandName> = Commands[N][1];

/** The events of one type. */
export type EventOf<T extends Event['type']> = Extract<Event, { type: T }>;

/** The public network's key. */
export const PUBLIC = 'public';

/** What tells an account in one network from the same account in another. */
export function keyOf(item: Pick<Contact | Message, 'network' | 'peer'>): string {
  return `${item.network}/${item.peer}`;
}

/** Whether the other side of a conversation is a group. */
export function isGroup(peer: string): boolean {
  return peer.startsWith('group:');
}

export function isPrivate(network: Network | undefined): boolean {
  return network?.kind === 'private';
}
