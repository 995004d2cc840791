/** The parts of the Network view. */
export const NETWORK_SECTIONS = ['overview', 'members', 'peers', 'refused', 'log', 'list'] as const;
export type NetworkSection = (typeof NETWORK_SECTIONS)[number];

const ONLY_PRIVATE: readonly NetworkSection[] = ['members', 'log', 'list'];

/** The parts that a network has. */
export function sectionsOf(isPrivate: boolean): NetworkSection[] {
  return NETWORK_SECTIONS.filter((section) => isPrivate || !ONLY_PRIVATE.includes(section));
}
