const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const DIGITS = 6;
const TURN = 2 * Math.PI;
// Two that stand closer than this, in parts of the ring, are put on different lanes.
const CLOSE = 0.025;
const LANES = 3;
const LANE_WIDTH = 20;

/** Where a key stands on the ring. */
export interface Place<T> {
  readonly item: T;
  readonly x: number;
  readonly y: number;
}

/** Where a key lies among all keys, from 0 to 1. */
export function positionOf(key: string): number {
  let position = 0;
  for (let digit = DIGITS - 1; digit >= 0; digit -= 1) {
    const value = Math.max(0, LETTERS.indexOf(key.charAt(digit)));
    position = (position + value) / LETTERS.length;
  }
  return position;
}

/** Places `items` clockwise by their keys, around the origin, with the key `own` at the top. */
export function placesOf<T extends { readonly peer: string }>(
  own: string,
  items: readonly T[],
  radius: number,
): Place<T>[] {
  const top = positionOf(own);
  const turned = items
    .map((item) => ({ item, turn: (positionOf(item.peer) - top + 1) % 1 }))
    .sort((a, b) => a.turn - b.turn);
  let before = 0;
  let lane = 0;
  return turned.map(({ item, turn }) => {
    lane = turn - before < CLOSE ? (lane + 1) % LANES : 0;
    before = turn;
    const reach = radius - lane * LANE_WIDTH;
    const angle = turn * TURN;
    return { item, x: reach * Math.sin(angle), y: -reach * Math.cos(angle) };
  });
}
