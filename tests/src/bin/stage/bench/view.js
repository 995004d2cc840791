// Measured in the page. Every function of `bench` ends by calling its last argument.
const bench = {
  /** Scrolls by `step` in every frame, and watches whether what is read moves by itself. */
  scroll(selector, rows, step, frames, done) {
    const box = document.querySelector(selector);
    const gaps = [];
    let [jumps, most, left, before, watched] = [0, 0, frames, performance.now(), null];
    const isInSight = (row) => row.getBoundingClientRect().top > box.getBoundingClientRect().top + 100;
    requestAnimationFrame(function frame(now) {
      gaps.push(now - before);
      before = now;
      if (watched?.row.isConnected) {
        const off = watched.row.getBoundingClientRect().top - watched.wanted;
        if (Math.abs(off) > 1) jumps += 1;
      }
      const all = left % 10 === 0 ? [...box.querySelectorAll(rows)] : [];
      most = Math.max(most, all.length);
      const row = all.slice(0, 400).find(isInSight);
      const place = row?.getBoundingClientRect().top;
      const at = box.scrollTop;
      box.scrollTop = at + step;
      watched = row ? { row, wanted: place - (box.scrollTop - at) } : null;
      left -= 1;
      if (left > 0) requestAnimationFrame(frame);
      else done({ gaps: gaps.slice(1), jumps, most });
    });
  },

  /** Opens a conversation; ends with the frame that shows messages, in milliseconds. */
  open(hash, done) {
    const begun = performance.now();
    location.hash = hash;
    requestAnimationFrame(function look() {
      if (document.querySelector('[data-testid=messages] [data-id]'))
        requestAnimationFrame(() => done(performance.now() - begun));
      else requestAnimationFrame(look);
    });
  },

  /** Presses a key in the log; ends when other messages are shown, in milliseconds. */
  press(key, done) {
    const box = document.querySelector('.box:has(> .log)');
    const shown = () => box.querySelector('[data-id]')?.dataset.id;
    const [before, begun] = [shown(), performance.now()];
    box.focus();
    box.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    requestAnimationFrame(function look() {
      if (shown() !== before) requestAnimationFrame(() => done(performance.now() - begun));
      else requestAnimationFrame(look);
    });
  },

  /** Looks on for a while: how long frames take, and how many messages came. */
  watch(seconds, done) {
    const gaps = [];
    const log = document.querySelector('[data-testid=messages]');
    const last = () => [...log.querySelectorAll('[data-id]')].at(-1)?.textContent ?? '';
    const [begun, first] = [performance.now(), last()];
    let before = begun;
    requestAnimationFrame(function frame(now) {
      gaps.push(now - before);
      before = now;
      if (now - begun < seconds * 1000) requestAnimationFrame(frame);
      else done({ gaps: gaps.slice(1), jumps: 0, most: log.querySelectorAll('[data-row]').length, first, last: last() });
    });
  },

  /** Lays out `count` messages all at once, as a list without any of this would; in milliseconds. */
  naive(count, done) {
    const begun = performance.now();
    document.body.innerHTML = '<div id="naive"></div>';
    const list = document.querySelector('#naive');
    list.style.cssText = 'height:600px;overflow-y:auto';
    const words = ['the', 'kettle', 'is', 'on', 'come', 'over', 'when', 'you', 'like'];
    for (let index = 0; index < count; index += 1) {
      const row = document.createElement('article');
      row.style.cssText = 'padding:8px 13px;margin:2px;border-radius:16px;background:#eee;width:fit-content';
      row.textContent = Array.from({ length: 10 }, (_word, at) => words[(index * 7 + at * 5) % 9]).join(' ');
      list.append(row);
    }
    list.scrollTop = list.scrollHeight;
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
  },

  /** A page with nothing on it but room to scroll: what a frame costs here at least. */
  floor(done) {
    document.body.innerHTML = '<div id="floor"><p></p></div>';
    document.querySelector('#floor').style.cssText = 'height:600px;overflow-y:auto';
    document.querySelector('#floor p').style.cssText = 'height:1000000px';
    document.querySelector('#floor').scrollTop = 900000;
    requestAnimationFrame(() => done(0));
  },
};
return bench[arguments[0]](...[...arguments].slice(1));
