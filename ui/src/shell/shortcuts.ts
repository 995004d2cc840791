import type { Attachment } from 'svelte/attachments';
import { VIEWS } from '$lib/route.svelte';
import type { App } from '$lib/state/app.svelte';
import type { Zoom } from '$lib/state/zoom.svelte';

/** The keys that work everywhere. They are listed on the sheet that `?` opens. */
export function shortcuts(app: App): Attachment<HTMLElement> {
  return () => {
    const onkeydown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (handle(app, event)) event.preventDefault();
    };
    window.addEventListener('keydown', onkeydown);
    return () => window.removeEventListener('keydown', onkeydown);
  };
}

function handle(app: App, event: KeyboardEvent): boolean {
  const isCommand = event.ctrlKey || event.metaKey;
  if (event.key === 'F6') return cyclePanes(event.shiftKey ? -1 : 1);
  if (isCommand && !event.altKey) return handleCommand(app, event);
  if (document.querySelector('dialog[open]') !== null) return false;
  if (event.key === 'Escape') return goBack(app);
  if (event.key === '?' && !isTyping(event)) {
    app.panels.show({ kind: 'shortcuts' });
    return true;
  }
  return false;
}

// On some keyboards the plus is on the key of the equals sign.
const ZOOMING: Readonly<Record<string, (zoom: Zoom) => Promise<void>>> = {
  '+': (zoom) => zoom.step(1),
  '=': (zoom) => zoom.step(1),
  '-': (zoom) => zoom.step(-1),
  '0': (zoom) => zoom.reset(),
};

function handleCommand(app: App, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  const view = event.shiftKey ? undefined : VIEWS[Number(key) - 1];
  if (view) {
    app.panels.close();
    app.route.go(view);
    return true;
  }
  const zoom = ZOOMING[key];
  if (zoom) {
    void app.toasts.attempt(() => zoom(app.zoom));
    return true;
  }
  if (key === 'k') {
    if (app.panels.open?.kind === 'palette') app.panels.close();
    else app.panels.show({ kind: 'palette' });
    return true;
  }
  if (key === 'n' && !event.shiftKey) {
    app.panels.show({ kind: 'write' });
    return true;
  }
  if (key === 'g' && !event.shiftKey) {
    document.querySelector<HTMLElement>('[data-pane=main] [data-jump]')?.click();
    return true;
  }
  if (key === 'f') {
    if (event.shiftKey) app.panels.show({ kind: 'search' });
    else focusFilter();
    return true;
  }
  return false;
}

function goBack(app: App): boolean {
  if (document.querySelector(':popover-open:not(.tip)') !== null) return false;
  if (app.route.item === null) return false;
  app.route.close();
  return true;
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

function focusFilter(): void {
  const wanted = document.querySelector<HTMLElement>('[data-pane=main] [data-find]');
  if (wanted) wanted.click();
  else document.querySelector<HTMLElement>('[data-pane] [data-filter]')?.focus();
}

/** Moves the focus to the next pane that is visible. */
function cyclePanes(step: number): boolean {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter(isShown);
  if (panes.length === 0 || document.querySelector('dialog[open]') !== null) return false;
  const here = panes.findIndex((pane) => pane.contains(document.activeElement));
  const at = here < 0 && step < 0 ? 0 : here;
  for (let far = 1; far <= panes.length; far += 1) {
    const pane = panes[(at + step * far + panes.length * far) % panes.length];
    const target = pane && entryOf(pane);
    if (!target) continue;
    target.focus();
    return true;
  }
  return false;
}

// Where a pane is entered: what it names itself, what is chosen in it, its first row, anything.
const ENTRIES = [
  '[data-pane-focus]',
  '[aria-current]',
  '[data-row]',
  'button:not(:disabled), a[href], input, textarea, [tabindex="0"]',
];

function entryOf(pane: HTMLElement): HTMLElement | undefined {
  for (const selector of ENTRIES) {
    const found = [...pane.querySelectorAll<HTMLElement>(selector)].find(isShown);
    if (found) return found;
  }
  return undefined;
}

function isShown(element: HTMLElement): boolean {
  return element.getClientRects().length > 0;
}
