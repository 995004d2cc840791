// Scrolls through a long conversation in WebKitGTK: how long frames take, whether anything that is
// read ever moves by itself, and how many rows are drawn; beside a naive list of the same messages
// in the same run, over the pretended node: what moves shows here, and how fast it is in
// `cargo xtask bench view`. `npx vite` in one terminal, this in another.
import { open } from './driver.mjs';
import { KEYS } from './keys.mjs';

const BASE = process.env.BASE ?? 'http://localhost:1420/';
const FRAMES = Number(process.env.FRAMES ?? 1200);
const MESSAGES = Number(process.env.MESSAGES ?? 6000);

// Runs in the page: scrolls by `step` in every frame and watches a row that can be seen.
const SCROLL = `
const [selector, rowSelector, step, frames, done] = arguments;
const box = document.querySelector(selector);
const gaps = [];
let jumps = 0, worst = 0, most = 0, before = performance.now();
const rowAt = () => {
  const top = box.getBoundingClientRect().top;
  return [...box.querySelectorAll(rowSelector)].find((row) => row.getBoundingClientRect().top > top + 100);
};
let left = frames;
requestAnimationFrame(function frame(now) {
  gaps.push(now - before);
  before = now;
  const row = left % 10 === 0 ? rowAt() : undefined;
  const place = row?.getBoundingClientRect().top;
  const at = box.scrollTop;
  box.scrollTop = at + step;
  const moved = box.scrollTop - at;
  most = Math.max(most, left % 10 === 0 ? box.querySelectorAll(rowSelector).length : 0);
  if ((left -= 1) > 0) {
    requestAnimationFrame((next) => {
      if (row?.isConnected) {
        const off = Math.abs(row.getBoundingClientRect().top - (place - moved));
        if (off > 1) jumps += 1;
        worst = Math.max(worst, off);
      }
      frame(next);
    });
  } else done({ gaps: gaps.slice(1), jumps, worst, most });
});`;

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function tell(what, { gaps, jumps, worst, most }) {
  const at = (part) => quantile(gaps, part).toFixed(1);
  const late = gaps.filter((gap) => gap > 25).length / gaps.length;
  console.log(
    `${what}: frames p50 ${at(0.5)} p95 ${at(0.95)} p99 ${at(0.99)} ms, late ${(late * 100).toFixed(1)} %, ` +
      `${jumps} jumps (worst ${worst.toFixed(1)} px), at most ${most} rows`,
  );
}

const page = await open(1100, 760);
const LOG = "document.querySelector('[data-testid=messages]')";
await page.go(`${BASE}?scene=many`);
await page.retry(async () => {
  if (!(await page.run(`return !!document.querySelector('[data-testid=nav-chats]')`)))
    throw new Error('the window does not open');
});
const opened = await page.wait(`
  const done = arguments[0], begun = performance.now();
  location.hash = '#/chats/${KEYS.bob}';
  requestAnimationFrame(function look() {
    if (${LOG}?.querySelector('[data-id]')) requestAnimationFrame(() => done(performance.now() - begun));
    else requestAnimationFrame(look);
  });`);
console.log(`${MESSAGES} messages open in ${opened.toFixed(0)} ms`);
const scroll = (selector, row, step) => page.wait(SCROLL, selector, row, step, FRAMES);
tell('up', await scroll('.box:has(> .log)', '[data-row]', -90));
tell('down', await scroll('.box:has(> .log)', '[data-row]', 90));
console.log(
  'jump to the beginning and back:',
  await page.wait(`
    const done = arguments[0], times = [], box = document.querySelector('.box:has(> .log)');
    const press = (key) => { box.focus(); box.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })); };
    (async () => {
      for (const key of ['Home', 'End', 'Home', 'End']) {
        const last = ${LOG}.querySelector('[data-id]').dataset.id, begun = performance.now();
        press(key);
        while (${LOG}.querySelector('[data-id]').dataset.id === last) await new Promise(requestAnimationFrame);
        times.push(Math.round(performance.now() - begun));
        await new Promise((next) => setTimeout(next, 300));
      }
      done(times.join(', ') + ' ms');
    })();`),
);

// The same messages all at once, as a list without any of this would have them.
const naive = await page.wait(
  `
  const [count, done] = arguments, begun = performance.now();
  document.body.innerHTML = '<div id="naive" style="height:600px;overflow-y:auto"></div>';
  const list = document.querySelector('#naive');
  const words = ['yes', 'no', 'the lamp is on', 'on my way', 'later', 'call me', 'look at this'];
  let seed = 7;
  for (let index = 0; index < count; index += 1) {
    const row = document.createElement('article');
    row.style.cssText = 'padding:8px 13px;margin:2px;border-radius:16px;background:#eee;width:fit-content';
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    row.textContent = Array.from({ length: 1 + (seed % 6) }, (_w, at) => words[(seed >> at) % 7]).join(', ');
    list.append(row);
  }
  list.scrollTop = list.scrollHeight;
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));`,
  MESSAGES,
);
console.log(`naive list of ${MESSAGES} opens in ${naive.toFixed(0)} ms`);
tell('naive up', await scroll('#naive', 'article', -90));
await page.end();
process.exit(0);
