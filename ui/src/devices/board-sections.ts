import type { Device } from '$lib/model';
import { byRoom } from '$lib/state/devices.svelte';

/** Cards under one head. */
export interface Section {
  readonly key: string;
  readonly name: string;
  readonly devices: readonly Device[];
}

/** The key of the section that comes first. */
export const FAVOURITES = 'favourites';

/** The favourites in the order in which they were chosen, then the rest by room. */
export function sectionsOf(devices: readonly Device[], favourites: readonly string[]): Section[] {
  const starred = favourites.flatMap((thing) => devices.filter((each) => each.thing === thing));
  const rest = devices.filter((each) => !starred.includes(each));
  const rooms = rest
    .map((each) => each.room ?? '')
    .filter((room, index, all) => all.indexOf(room) === index)
    .sort(byRoom);
  const first = { key: FAVOURITES, name: FAVOURITES, devices: starred };
  return [...(starred.length > 0 ? [first] : []), ...rooms.map((room) => roomOf(rest, room))];
}

/** Everything in one room. */
export function roomOf(devices: readonly Device[], room: string): Section {
  return {
    key: `room:${room}`,
    name: room,
    devices: devices.filter((each) => (each.room ?? '') === room),
  };
}
