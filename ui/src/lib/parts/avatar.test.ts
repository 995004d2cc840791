import { expect, test } from 'vitest';
import { figureOf, hueOf, initialOf } from './avatar';

const KEY = 'nhhoil7cculglvneaek6ktrbd53y6esch2wfi54eni2pjhb22ljq';

test('draws the same key the same everywhere', () => {
  expect(figureOf(KEY)).toEqual(figureOf(KEY));
});

test('draws a key that differs in one letter otherwise', () => {
  const others = [...'abcdefgh'].map((letter) => figureOf(letter + KEY.slice(1)));

  for (const other of others) expect(other).not.toEqual(figureOf(KEY));
});

test('keeps the two hues of a figure apart', () => {
  const hue = (colour: string) => Number(/([\d.]+)\)$/.exec(colour)?.[1]);

  for (let index = 0; index < 200; index += 1) {
    const figure = figureOf(`${index}${KEY}`);
    const apart = Math.abs(hue(figure.ground) - hue(figure.shape));
    expect(Math.min(apart, 360 - apart)).toBeGreaterThanOrEqual(60);
  }
});

test('takes the first letter as a person sees it', () => {
  expect(initialOf(' émile')).toBe('É');
  expect(initialOf('👩‍👧 family')).toBe('👩‍👧');
  expect(initialOf('')).toBe('·');
});

test('gives a network the same hue at every start', () => {
  expect(hueOf('abc')).toBe(hueOf('abc'));
});
