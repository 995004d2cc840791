import type { Arguments, Message } from '../../model';
import { Failure } from '../host';
import type { World } from './world';

const USUAL = 50;

/** A part of a conversation, as the node would give it. */
export function stretchOf(world: World, page: Arguments<'messages_list'>[0]): Message[] {
  const { peer, network = 'public', before, after, around, at, limit = USUAL } = page;
  const all = world.messages.filter((each) => each.peer === peer && each.network === network);
  const placeOf = (id: string) => {
    const place = all.findIndex((each) => each.id === id);
    if (place < 0) throw new Failure('not_found', 'no such message in this conversation');
    return place;
  };
  const half = limit >> 1;
  if (before !== undefined) return endingAt(all, placeOf(before), limit);
  if (after !== undefined) return all.slice(placeOf(after) + 1).slice(0, limit);
  const middle =
    around === undefined ? at && all.findIndex((each) => each.sent_at >= at) : placeOf(around);
  if (middle === undefined || middle < 0) return endingAt(all, all.length, limit);
  return all.slice(Math.max(0, middle - half), middle + limit - half);
}

function endingAt(all: readonly Message[], end: number, limit: number): Message[] {
  return all.slice(Math.max(0, end - limit), end);
}

/** How many messages of the other came after one. */
export function unreadAfter(world: World, key: string, id: string): number {
  const all = world.messages.filter((each) => `${each.network}/${each.peer}` === key);
  const place = all.findIndex((each) => each.id === id);
  return all.slice(place + 1).filter((each) => each.from === each.peer).length;
}
