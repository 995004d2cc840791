// Pictures of a few views in WebKitGTK, the engine of the app, over the development server.
// Needs Xvfb and WebKitWebDriver (Debian: xvfb, webkit2gtk-driver).
import { mkdir, writeFile } from 'node:fs/promises';
import { open } from './driver.mjs';
import { HOME, KEYS } from './keys.mjs';

const BASE = process.env.BASE ?? 'http://localhost:1420/';
const OUT = process.env.OUT ?? 'shots';

const only = process.argv[2] ? new RegExp(process.argv[2]) : null;

const VIEWS = [
  ['first', 'public', 'first', '', ''],
  ['chats', 'public', 'full', `#/chats/${KEYS.bob}`, ''],
  [
    'chats-dark',
    HOME,
    'full',
    `#/chats/${KEYS.bob}`,
    "document.documentElement.dataset.theme='dark'",
  ],
  ['contacts', 'public', 'full', `#/contacts/${KEYS.bob}`, ''],
  ['devices', HOME, 'full', '#/devices', ''],
  ['thing', HOME, 'full', `#/devices/${KEYS.heating}`, ''],
  [
    'switcher',
    HOME,
    'full',
    '#/chats',
    "document.querySelector('[data-testid=network-switcher]').click()",
  ],
  [
    'menu',
    HOME,
    'full',
    '#/network/members',
    `document.querySelector('[data-testid=member-menu-${KEYS.nora}]').click()`,
  ],
  [
    'invite',
    'public',
    'full',
    '#/contacts',
    "document.querySelector('[data-testid=contact-invite]').click()",
  ],
  [
    'palette',
    'public',
    'full',
    '#/chats',
    "window.dispatchEvent(new KeyboardEvent('keydown',{key:'k',ctrlKey:true}))",
  ],
  [
    'toast',
    'public',
    'full',
    `#/contacts/${KEYS.bob}`,
    "document.querySelector('[data-testid=contact-menu]').click(); document.querySelector('[data-testid=contact-block]').click()",
  ],
  ['ring', 'public', 'many', '#/network/peers', ''],
  [
    'jump',
    'public',
    'many',
    `#/chats/${KEYS.bob}`,
    "document.querySelector('[data-testid=chat-jump]').click()",
  ],
  ['identity', 'public', 'full', '#/settings/identity', ''],
];

await mkdir(OUT, { recursive: true });
const page = await open(1100, 760);
for (const [name, network, scene, hash, act] of VIEWS) {
  if (only && !only.test(name)) continue;
  await page.go(`${BASE}?scene=${scene}`);
  await page.run(
    `localStorage.setItem('network', ${JSON.stringify(network)}); location.hash = ${JSON.stringify(hash)}; location.reload()`,
  );
  await new Promise((done) => setTimeout(done, 2500));
  if (act) await page.retry(() => page.run(act));
  await new Promise((done) => setTimeout(done, 700));
  await writeFile(`${OUT}/webkit-${name}.png`, await page.picture());
}
await page.end();
process.exit(0);
