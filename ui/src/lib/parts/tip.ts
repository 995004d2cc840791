import type { Attachment } from 'svelte/attachments';

const DELAY_MS = 350;
const GAP = 8;

const KEY_MS = 300;

let lastKeyAt = 0;
if (typeof window !== 'undefined') {
  const MOVES = ['Tab', 'ArrowUp', 'ArrowDown', 'F6'];
  window.addEventListener(
    'keydown',
    (event) => {
      if (MOVES.includes(event.key)) lastKeyAt = Date.now();
    },
    { capture: true },
  );
}

let bubble: HTMLElement | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

interface TipOptions {
  /** The text repeats the element's own label, so a screen reader need not hear it again. */
  isLabel?: boolean;
}

/** Explains an element while it is hovered or focused. */
export function tip(text: string, options: TipOptions = {}): Attachment<HTMLElement> {
  return (element) => {
    if (text === '') return undefined;
    if (options.isLabel !== true) element.setAttribute('aria-description', text);
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => show(element, text), DELAY_MS);
    };
    // Focus that a closed dialog gives back is not a question; focus moved by a key is.
    const focused = () => {
      if (Date.now() - lastKeyAt < KEY_MS && element.matches(':focus-visible')) show(element, text);
    };
    const escaped = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide();
    };
    element.addEventListener('pointerenter', soon);
    element.addEventListener('pointerleave', hide);
    element.addEventListener('pointerdown', hide);
    element.addEventListener('click', hide);
    element.addEventListener('focus', focused);
    element.addEventListener('blur', hide);
    element.addEventListener('keydown', escaped);
    return () => {
      element.removeEventListener('pointerenter', soon);
      element.removeEventListener('pointerleave', hide);
      element.removeEventListener('pointerdown', hide);
      element.removeEventListener('click', hide);
      element.removeEventListener('focus', focused);
      element.removeEventListener('blur', hide);
      element.removeEventListener('keydown', escaped);
      hide();
    };
  };
}

function show(element: HTMLElement, text: string): void {
  // An open menu of the same button says it already.
  if (!element.isConnected || element.getAttribute('aria-expanded') === 'true') return;
  const tipElement = bubble ?? makeBubble();
  // A modal dialog makes the rest inert, and a popover shown from within it stays above.
  const home = element.closest('dialog') ?? document.body;
  if (tipElement.parentElement !== home) home.append(tipElement);
  tipElement.textContent = text;
  if (typeof tipElement.showPopover === 'function' && !tipElement.matches(':popover-open')) {
    tipElement.showPopover();
  }
  place(tipElement, element.getBoundingClientRect());
}

function place(tipElement: HTMLElement, around: DOMRect): void {
  const size = tipElement.getBoundingClientRect();
  const below = around.bottom + GAP + size.height < window.innerHeight;
  const top = below ? around.bottom + GAP : around.top - GAP - size.height;
  const centred = around.left + around.width / 2 - size.width / 2;
  const left = Math.max(GAP, Math.min(centred, window.innerWidth - size.width - GAP));
  tipElement.style.setProperty('top', `${Math.max(GAP, top)}px`);
  tipElement.style.setProperty('left', `${left}px`);
}

function hide(): void {
  clearTimeout(timer);
  if (bubble === null || typeof bubble.hidePopover !== 'function') return;
  if (bubble.matches(':popover-open')) bubble.hidePopover();
}

function makeBubble(): HTMLElement {
  bubble = document.createElement('div');
  bubble.className = 'tip';
  bubble.setAttribute('popover', 'manual');
  bubble.setAttribute('aria-hidden', 'true');
  return bubble;
}
