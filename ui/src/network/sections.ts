import type { Network } from '$lib/model';

/** The parts of the Network view. */
export const NETWORK_SECTIONS = [
  'overview',
  'members',
  'invites',
  'peers',
  'refused',
  'log',
  'list',
] as const;
export type NetworkSection = (typeof NETWORK_SECTIONS)[number];

const ONLY_PRIVATE: readonly NetworkSection[] = ['members', 'log', 'list'];
// A network that has not let this account in yet tells nothing of its members.
const ONLY_ADMINS: readonly NetworkSection[] = ['invites'];

/** The parts that a network has for this account. */
export function sectionsOf(network: Network | undefined): NetworkSection[] {
  return NETWORK_SECTIONS.filter((section) => {
    if (ONLY_PRIVATE.includes(section)) return network?.kind === 'private' && network.role !== null;
    if (ONLY_ADMINS.includes(section)) return network?.role === 'admin';
    return true;
  });
}
