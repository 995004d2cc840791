const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** A pretended key of `length` letters that is always the same for `name`. */
export function keyOf(name: string, length = 52, letters = LETTERS): string {
  let seed = 7;
  for (const letter of name) seed = (seed * 31 + letter.charCodeAt(0)) >>> 0;
  let key = '';
  for (let index = 0; index < length; index += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    key += letters.charAt((seed >>> 16) % letters.length);
  }
  return key;
}

export function nodeOf(name: string): string {
  return `12D3KooW${keyOf(`node ${name}`, 44, BASE58)}`;
}

export function fingerprintOf(peer: string): string {
  return (peer.slice(0, 32).match(/.{4}/g) ?? []).join(' ');
}

/** Seeded numbers from 0 to 1, the same in every run. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
