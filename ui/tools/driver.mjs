// WebKitGTK, the engine of the app, under its driver on an invisible screen.
// Needs Xvfb and WebKitWebDriver (Debian: xvfb, webkit2gtk-driver).
import { spawn } from 'node:child_process';

const BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const TRIES = 50;
const PAUSE_MS = 200;

async function retry(act) {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await act();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }
}

/** Opens a window of that size; `end` closes everything. */
export async function open(width, height, { display = ':87', port = 4497 } = {}) {
  const started = [
    spawn('Xvfb', [display, '-screen', '0', '2560x1440x24'], { stdio: 'ignore' }),
    spawn('WebKitWebDriver', [`--port=${port}`], {
      stdio: 'ignore',
      env: { ...process.env, DISPLAY: display, LIBGL_ALWAYS_SOFTWARE: '1' },
    }),
  ];
  const stop = () => started.forEach((each) => each.kill());
  process.on('exit', stop);

  async function call(method, path, body) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body
        ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
        : {}),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value.message}`);
    return value;
  }

  const { sessionId } = await retry(() =>
    call('POST', '/session', {
      capabilities: {
        alwaysMatch: { 'webkitgtk:browserOptions': { binary: BROWSER, args: ['--automation'] } },
      },
    }),
  );
  const at = `/session/${sessionId}`;
  await call('POST', `${at}/window/rect`, { width, height });
  await call('POST', `${at}/timeouts`, { script: 120_000 });
  return {
    retry,
    go: (url) => call('POST', `${at}/url`, { url }),
    run: (script, ...args) => call('POST', `${at}/execute/sync`, { script, args }),
    wait: (script, ...args) => call('POST', `${at}/execute/async`, { script, args }),
    picture: async () => Buffer.from(await call('GET', `${at}/screenshot`), 'base64'),
    end: async () => {
      await call('DELETE', at);
      stop();
    },
  };
}
