const NAME = 'found';

/** Marks the words of `find` in a message, and nowhere else, without touching what is drawn. */
export function highlight(message: HTMLElement | null | undefined, find: string): void {
  if (typeof CSS === 'undefined' || !('highlights' in CSS)) return;
  CSS.highlights.delete(NAME);
  const words = find.trim().split(/\s+/).map(plain);
  const text = message?.querySelector('.bubble p');
  if (!text || find.trim() === '') return;
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const [from, to] of places(node.nodeValue ?? '', words)) {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      ranges.push(range);
    }
  }
  CSS.highlights.set(NAME, new Highlight(...ranges));
}

/** Where `words` begin a word of `text`, whatever the case and the accents. */
export function places(text: string, words: readonly string[]): [number, number][] {
  const found: [number, number][] = [];
  for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const word = plain(match[0]);
    if (words.some((each) => each !== '' && word.startsWith(each)))
      found.push([match.index, match.index + match[0].length]);
  }
  return found;
}

/** A word without accents, in lower case and with letters and digits only. */
function plain(word: string): string {
  return word
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLocaleLowerCase();
}
