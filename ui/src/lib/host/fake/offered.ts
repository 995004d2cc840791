import type { File as Offered } from '../../model';
import { fullWorld } from './full';
import { order, say } from './full/messages';
import type { World } from './world';

const MB = 1_000_000;
const SHOWN: [name: string, mine: boolean, more: Partial<Offered>][] = [
  ['Minutes of the meeting.pdf', false, { state: 'offered', bytes: 48 * MB }],
  ['holiday.mp4', false, { state: 'running', bytes: 812 * MB, done: 430 * MB, rate: 9.4 * MB }],
  ['plans.zip', false, { state: 'waiting', bytes: 90 * MB, done: 22 * MB }],
  ['disk.img', false, { state: 'held', bytes: 900 * MB, done: 610 * MB }],
  ['notes.txt', false, { state: 'done', bytes: 3_400, done: 3_400, path: '/home/a/notes.txt' }],
  ['boat.jpg', true, { state: 'offered', bytes: 5 * MB }],
  ['song.flac', true, { state: 'running', bytes: 60 * MB, done: 21 * MB, rate: 1.1 * MB }],
  ['draft.odt', true, { state: 'declined', bytes: 2 * MB }],
  ['report.odt', true, { state: 'failed', failure: 'changed', bytes: 2 * MB }],
  ['old.tar.gz', true, { state: 'cancelled', bytes: 70 * MB }],
  ['archive.zip', true, { state: 'preparing', bytes: 700 * MB, done: 200 * MB }],
];

/** A conversation with a file in every state. */
export function offeredWorld(): World {
  const world = fullWorld();
  const now = Date.now();
  SHOWN.forEach(([name, mine, more], index) => {
    const at = now - (SHOWN.length - index) * 60_000;
    const { id, network, peer } = say(world, 'public', 'Bob', mine, name, at, 'delivered', {
      file: true,
    });
    if (more.state === 'preparing') world.messages.pop();
    const file: Offered = {
      ...{ id, network, peer, own: mine, name, bytes: 0, done: 0, rate: 0 },
      ...{ state: 'offered', offered_at: at, ...more },
    };
    world.files.push(file);
  });
  order(world);
  return world;
}
