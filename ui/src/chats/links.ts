export interface Part {
  readonly kind: 'text' | 'link';
  readonly text: string;
}

const LINK = /streembit:(?:invite|network|claim|seed)\/[\w-]+/g;

/** Splits a text into plain parts and `streembit:` links, which are inspected when clicked. */
export function splitLinks(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    if (found.index > at) parts.push({ kind: 'text', text: text.slice(at, found.index) });
    parts.push({ kind: 'link', text: found[0] });
    at = found.index + found[0].length;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}
