import { expect, test } from 'vitest';
import { en } from './en';

const sources = Object.entries(
  import.meta.glob<string>(['../../**/*.{svelte,ts}', '!../../**/i18n/**', '!../../**/*.test.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
).map(([, text]) => text);

test('holds no text that nothing says', () => {
  const whole = sources.join('\n');
  const prefixes = [...whole.matchAll(/`([a-z-]+(?:\.[a-z-]+)*\.)\$\{/gi)].map(
    ([, prefix]) => prefix,
  );

  const unused = Object.keys(en).filter((key) => {
    if (whole.includes(`'${key}'`)) return false;
    return !prefixes.some((prefix) => prefix !== undefined && key.startsWith(prefix));
  });

  expect(unused.filter((key) => !key.startsWith('time.'))).toEqual([]);
});
