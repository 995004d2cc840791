/** What most people answer with. */
export const QUICK = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '👀'] as const;

/** A choice that fits without scrolling; any other emoji can be typed. */
export const CHOICE = [
  ['😀', '😄', '😅', '🤣', '😊', '😇', '🙂', '😉'],
  ['😍', '😘', '😋', '😎', '🤩', '🥳', '🤗', '🤔'],
  ['🤫', '🙄', '😏', '😴', '🤒', '🤯', '😳', '🥺'],
  ['😭', '😱', '😡', '🤬', '💀', '🤡', '👻', '🤖'],
  ['👋', '👌', '🤞', '✌️', '🤘', '👎', '👏', '🙌'],
  ['🤝', '💪', '🔥', '✨', '💯', '✅', '❌', '❓'],
  ['❗', '💔', '💙', '💚', '☀️', '🌧️', '🍀', '🌹'],
  ['☕', '🍕', '🍺', '🎂', '🎁', '🏠', '🚗', '💡'],
] as const;

const MOST_BYTES = 48;
const PICTOGRAPH = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Whether a text is one emoji, as the node will ask too. */
export function isEmoji(text: string): boolean {
  if (!PICTOGRAPH.test(text) || new TextEncoder().encode(text).length > MOST_BYTES) return false;
  return [...clusters.segment(text)].length === 1;
}
