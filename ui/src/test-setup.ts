import { afterEach, beforeEach } from 'vitest';

beforeEach(() => {
  localStorage.clear();
  window.location.hash = '';
});

afterEach(() => {
  document.body.replaceChildren();
});
