// Pictures of a few views in WebKitGTK, the engine of the app, over the development server.
// Needs Xvfb and WebKitWebDriver (Debian: xvfb, webkit2gtk-driver).
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { HOME, KEYS } from './keys.mjs';

const BASE = process.env.BASE ?? 'http://localhost:1420/';
const OUT = process.env.OUT ?? 'shots';
const DISPLAY = ':87';
const PORT = 4497;
const BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

const only = process.argv[2] ? new RegExp(process.argv[2]) : null;
const started = [
  spawn('Xvfb', [DISPLAY, '-screen', '0', '1400x1000x24'], { stdio: 'ignore' }),
  spawn('WebKitWebDriver', [`--port=${PORT}`], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY, LIBGL_ALWAYS_SOFTWARE: '1' },
  }),
];
const stop = () => started.forEach((each) => each.kill());
process.on('exit', stop);

async function call(method, path, body) {
  const answer = await fetch(`http://127.0.0.1:${PORT}${path}`, {
    method,
    ...(body
      ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      : {}),
  });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${value.message}`);
  return value;
}

async function retry(act, times = 50) {
  for (let left = times; ; left -= 1) {
    try {
      return await act();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}

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
const { sessionId } = await retry(() =>
  call('POST', '/session', {
    capabilities: {
      alwaysMatch: { 'webkitgtk:browserOptions': { binary: BROWSER, args: ['--automation'] } },
    },
  }),
);
const at = `/session/${sessionId}`;
const run = (script) => call('POST', `${at}/execute/sync`, { script, args: [] });
await call('POST', `${at}/window/rect`, { width: 1100, height: 760 });
for (const [name, network, scene, hash, act] of VIEWS) {
  if (only && !only.test(name)) continue;
  await call('POST', `${at}/url`, { url: `${BASE}?scene=${scene}` });
  await run(
    `localStorage.setItem('network', ${JSON.stringify(network)}); location.hash = ${JSON.stringify(hash)}; location.reload()`,
  );
  await new Promise((done) => setTimeout(done, 2500));
  if (act) await retry(() => run(act));
  await new Promise((done) => setTimeout(done, 700));
  await writeFile(
    `${OUT}/webkit-${name}.png`,
    Buffer.from(await call('GET', `${at}/screenshot`), 'base64'),
  );
}
await call('DELETE', at);
stop();
process.exit(0);
