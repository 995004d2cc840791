import { chats } from './en/chats';
import { common } from './en/common';
import { contacts } from './en/contacts';
import { devices } from './en/devices';
import { firstRun } from './en/first-run';
import { network } from './en/network';
import { practice } from './en/practice';
import { settings } from './en/settings';

/** Everything the window says in English. */
export const en = {
  ...common,
  ...firstRun,
  ...chats,
  ...contacts,
  ...devices,
  ...network,
  ...practice,
  ...settings,
} as const;
