import type { Attachment } from 'svelte/attachments';
import { VIEWS } from '$lib/route.svelte';
import type { App } from '$lib/state/app.svelte';

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

function handleCommand(app: App, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  const view = event.shiftKey ? undefined : VIEWS[Number(key) - 1];
  if (view) {
    app.panels.close();
    app.route.go(view);
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
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter(
    (pane) => pane.offsetParent !== null || pane.getClientRects().length > 0,
  );
  if (panes.length === 0 || document.querySelector('dialog[open]') !== null) return false;
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(at + step + panes.length) % panes.length];
  const target = next?.querySelector<HTMLElement>(
    '[data-pane-focus], [aria-current=true], button:not(:disabled), a[href], input, textarea, [tabindex="0"]',
  );
  target?.focus();
  return target !== null;
}
