const ACCENTED: Record<string, string> = {
  a: 'á',
  c: 'ç',
  e: 'é',
  g: 'ĝ',
  i: 'í',
  n: 'ñ',
  o: 'ö',
  s: 'š',
  u: 'ü',
  y: 'ý',
  z: 'ž',
  A: 'Å',
  C: 'Ç',
  E: 'É',
  I: 'Î',
  N: 'Ñ',
  O: 'Ö',
  S: 'Š',
  U: 'Ü',
  Y: 'Ý',
};

/** Accents a text and makes it half as long again; placeholders stay as they are. */
export function pseudo(text: string): string {
  const accented = text
    .split(/(\{\w+\})/)
    .map((part) => (part.startsWith('{') ? part : part.replace(/\p{L}/gu, (c) => ACCENTED[c] ?? c)))
    .join('');
  const extra = Math.ceil(text.replace(/\{\w+\}/g, '').length / 2);
  return `[${accented}${'·'.repeat(extra)}]`;
}
