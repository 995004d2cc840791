// Walks every view of the window with the pretended node, writes a picture of each and checks it
// with axe. For developing: `npx vite` in one terminal, `node tools/shots.mjs [pattern]` in another.
import { readFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const BASE = process.env.BASE ?? 'http://localhost:1420/';
const OUT = process.env.OUT ?? 'shots';
const only = process.argv[2] ? new RegExp(process.argv[2]) : null;
const axeSource = await readFile(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const { VIEWS } = await import('./views.mjs');

const SIZES = {
  wide: [1100, 720],
  fold: [800, 700],
  narrow: [480, 560],
  big: [2560, 1440],
  zoom: [550, 360],
};

await mkdir(OUT, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
let serious = 0;
for (const view of VIEWS) {
  for (const theme of view.themes ?? ['light', 'dark']) {
    for (const size of view.sizes ?? ['wide']) {
      const name = `${view.name}-${theme}-${size}`;
      if (only && !only.test(name)) continue;
      const [width, height] = SIZES[size];
      const page = await browser.newPage({
        viewport: { width, height },
        colorScheme: theme,
        deviceScaleFactor: size === 'zoom' ? 2 : 1,
      });
      page.on('pageerror', (error) => console.log(`${name}: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('404'))
          console.log(`${name}: console ${message.text()}`);
      });
      const locale = view.locale ? `&locale=${view.locale}` : '';
      await page.addInitScript(
        (network) => localStorage.setItem('network', network),
        view.network ?? 'public',
      );
      await page.goto(`${BASE}?scene=${view.scene ?? 'full'}${locale}${view.hash ?? ''}`);
      await page.waitForTimeout(350);
      try {
        await view.act?.(page);
      } catch (error) {
        console.log(`${name}: ${error.message.split('\n')[0]}`);
      }
      await page.waitForTimeout(view.wait ?? 400);
      await page.screenshot({ path: `${OUT}/${name}.png` });
      await page.evaluate(axeSource);
      const found = await page.evaluate(() =>
        globalThis.axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
          violations
            .filter((each) => ['serious', 'critical'].includes(each.impact))
            .map(
              (each) =>
                `${each.id}: ${each.nodes
                  .slice(0, 3)
                  .map(
                    (node) =>
                      `${node.target.join(' ')} ${node.failureSummary.split('\n')[1] ?? ''}`,
                  )
                  .join(' | ')}`,
            ),
        ),
      );
      serious += found.length;
      for (const line of found) console.log(`${name}: axe ${line}`);
      await page.close();
    }
  }
}
await browser.close();
console.log(serious === 0 ? 'no serious findings' : `${serious} serious findings`);
