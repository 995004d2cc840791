import { keyOf } from '../keys';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const ME = keyOf('Alice');
export const HOME = keyOf('home network');
export const TEAM = keyOf('team network 2');
export const HUB = keyOf('Hallway hub');
