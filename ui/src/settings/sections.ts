/** The parts of the settings; dangerous things last. */
export const SECTIONS = [
  'identity',
  'computers',
  'appearance',
  'notifications',
  'privacy',
  'files',
  'seeds',
  'storage',
  'about',
  'danger',
] as const;
export type SettingsSection = (typeof SECTIONS)[number];
