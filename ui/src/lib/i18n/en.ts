import { chats } from './en/chats';
import { common } from './en/common';
import { computers } from './en/computers';
import { contacts } from './en/contacts';
import { devices } from './en/devices';
import { firstRun } from './en/first-run';
import { groups } from './en/groups';
import { membership } from './en/membership';
import { network } from './en/network';
import { practice } from './en/practice';
import { settings } from './en/settings';
import { trust } from './en/trust';

/** Everything the window says in English. */
export const en = {
  ...common,
  ...firstRun,
  ...chats,
  ...computers,
  ...contacts,
  ...devices,
  ...groups,
  ...membership,
  ...network,
  ...practice,
  ...settings,
  ...trust,
} as const;
