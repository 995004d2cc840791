/** The picture of a key: two hues and a figure, the same wherever the key is seen. */
export interface Figure {
  readonly ground: string;
  readonly shape: string;
  readonly angle: number;
  readonly kind: number;
}

const HUES = 24;

/** Draws the figure of `key`. A key that differs in one letter gives quite another figure. */
export function figureOf(key: string): Figure {
  const seed = hash(key);
  const ground = seed % HUES;
  const away = 5 + ((seed >>> 5) % (HUES - 10));
  const shape = (ground + away) % HUES;
  return {
    ground: `oklch(0.5 0.095 ${ground * (360 / HUES)})`,
    shape: `oklch(0.6 0.105 ${shape * (360 / HUES)})`,
    angle: ((seed >>> 11) % 16) * 22.5,
    kind: (seed >>> 16) % 4,
  };
}

/** The first letter of a name as a person would see it. */
export function initialOf(name: string): string {
  const segments = new Intl.Segmenter().segment(name.trim());
  for (const { segment } of segments) return segment.toLocaleUpperCase();
  return '·';
}

/** A hue of its own for a private network, from its id. */
export function hueOf(network: string): number {
  return HUE_STEPS[hash(network) % HUE_STEPS.length] ?? 0;
}

// Ten hues that stay apart from each other in both themes.
const HUE_STEPS = [28, 62, 98, 135, 165, 195, 225, 275, 310, 345];

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193);
  }
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  value ^= value >>> 12;
  return value >>> 0;
}
