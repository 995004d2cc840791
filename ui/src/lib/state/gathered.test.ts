import { expect, test } from 'vitest';
import { gathered } from './gathered';

test('reads twice when asked a hundred times meanwhile, and again when asked later', async () => {
  let reads = 0;
  const read = gathered(async () => {
    reads += 1;
    await new Promise((done) => setTimeout(done));
    if (reads === 1) throw new Error('not yet');
  });

  for (let change = 0; change < 100; change += 1) read();
  await new Promise((done) => setTimeout(done, 20));
  expect(reads).toBe(2);

  read();
  expect(reads).toBe(3);
});
