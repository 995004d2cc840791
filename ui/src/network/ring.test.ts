import { expect, test } from 'vitest';
import { placesOf, positionOf } from './ring';

test('orders keys as they are written', () => {
  expect(positionOf('aaaaaaaa')).toBe(0);
  expect(positionOf('qaaaaaaa')).toBe(0.5);
  expect(positionOf('77777777')).toBeGreaterThan(0.99);
});

test('puts one’s own key at the top and what is opposite at the bottom', () => {
  const places = placesOf('aaaaaa', [{ peer: 'qaaaaa' }, { peer: 'iaaaaa' }], 100);

  expect(places.map((each) => Math.round(each.x))).toEqual([100, 0]);
  expect(places.map((each) => Math.round(each.y) + 0)).toEqual([0, 100]);
});

test('keeps those apart that are close to each other, and to oneself', () => {
  const peers = ['aaaaab', 'aaaaac', 'aaaaad'].map((peer) => ({ peer }));

  const places = placesOf('aaaaaa', peers, 100);

  const far = places.map(({ x, y }) => Math.round(Math.hypot(x, y)));
  expect(far).toEqual([80, 60, 100]);
});
