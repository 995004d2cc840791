// The pretended keys by name, as src/lib/host/fake/keys.ts makes them.
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

function keyOf(name, length = 52) {
  let seed = 7;
  for (const letter of name) seed = (seed * 31 + letter.charCodeAt(0)) >>> 0;
  let key = '';
  for (let index = 0; index < length; index += 1) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    key += LETTERS.charAt((seed >>> 16) % LETTERS.length);
  }
  return key;
}

const thing = (host, name) => encodeURIComponent(`streembit://${keyOf(host)}/${name}`);

export const HOME = keyOf('home network');
export const TEAM = keyOf('team network 2');
export const KEYS = {
  garden: encodeURIComponent(`group:${keyOf('garden')}`),
  bob: keyOf('Bob'),
  nora: keyOf('Nora'),
  yuki: keyOf('Yuki'),
  sara: keyOf('שרה לוי'),
  frank: keyOf('Frank'),
  lamp: thing('Kitchen board', 'lamp'),
  ceiling: thing('Kitchen board', 'ceiling'),
  heating: thing('Kitchen board', 'heating'),
  lock: thing('Kitchen board', 'lock'),
  sensor: thing('Old tablet', 'sensor'),
};
