import { expect, test } from 'vitest';
import { FakeHost } from '../host/fake';
import { emptyWorld } from '../host/fake/world';
import type { NetworkOperation } from '../model';
import { Gate } from './gate.svelte';

function operation(number: number): NetworkOperation {
  return {
    id: `operation-${number}`,
    at: number,
    author: 'me',
    author_name: 'Alex',
    operation: 'add',
    peer: `peer-${number}`,
    name: `Person ${number}`,
    role: 'member',
    node: null,
    heads: [],
  };
}

test('reads the log page by page to its beginning, and keeps what was read when more happens', async () => {
  const world = emptyWorld();
  const all = Array.from({ length: 120 }, (_, index) => operation(120 - index));
  world.log.set('home', all);
  const gate = new Gate(new FakeHost(world));

  await gate.loadLog('home');
  expect([gate.log('home')?.length, gate.hasEarlierLog('home')]).toEqual([50, true]);
  await gate.loadEarlierLog('home');
  world.log.set('home', [operation(121), ...all]);
  await gate.loadLog('home');
  expect(gate.log('home')?.length).toBe(101);
  await gate.loadEarlierLog('home');

  expect(gate.log('home')?.map((each) => each.at)).toEqual([121, ...all.map((each) => each.at)]);
  expect(gate.hasEarlierLog('home')).toBe(false);
});
