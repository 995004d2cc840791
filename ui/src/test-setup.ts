import { afterEach, beforeEach } from 'vitest';

// jsdom has neither modal dialogs nor popovers nor media queries; these are enough for tests.
HTMLDialogElement.prototype.showModal = function show() {
  this.setAttribute('open', '');
};
HTMLDialogElement.prototype.close = function close() {
  this.removeAttribute('open');
};
HTMLElement.prototype.hidePopover = () => undefined;
HTMLElement.prototype.showPopover = () => undefined;
HTMLElement.prototype.scrollTo = () => undefined;
HTMLElement.prototype.scrollIntoView = () => undefined;
window.matchMedia = (media) =>
  Object.assign(new EventTarget(), {
    matches: true,
    media,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });

beforeEach(() => {
  localStorage.clear();
  window.location.hash = '';
});

afterEach(() => {
  document.body.replaceChildren();
});

// jsdom lays nothing out, so nothing changes its size.
class NoResizeObserver implements ResizeObserver {
  observe(): void {
    return;
  }

  unobserve(): void {
    return;
  }

  disconnect(): void {
    return;
  }
}
globalThis.ResizeObserver ??= NoResizeObserver;
