import type { Attachment } from 'svelte/attachments';

const GAP = 6;

// Who opened a popover that is also opened from elsewhere than its button.
const openers = new WeakMap<HTMLElement, HTMLElement>();

/** Opens a popover beside another element than its button. */
export function openBeside(element: HTMLElement, beside: HTMLElement): void {
  openers.set(element, beside);
  element.showPopover();
}

/** Places a popover beside the button that opened it, and gives the focus back. */
export const popover: Attachment<HTMLElement> = (element) => {
  const ontoggle = (event: Event) => {
    if (!(event instanceof ToggleEvent)) return;
    const button = document.querySelector<HTMLElement>(`[popovertarget="${element.id}"]`);
    button?.setAttribute('aria-expanded', String(event.newState === 'open'));
    const opener = openers.get(element) ?? button;
    openers.delete(element);
    if (event.newState !== 'open') return;
    if (opener) place(element, opener.getBoundingClientRect());
    const first = element.querySelector<HTMLElement>('[aria-current=true], [data-first]');
    (first ?? element.querySelector<HTMLElement>('[data-row]'))?.focus();
  };
  element.addEventListener('toggle', ontoggle);
  return () => element.removeEventListener('toggle', ontoggle);
};

/** Puts `element` below or above `around`, within the window. */
export function place(element: HTMLElement, around: DOMRect): void {
  const size = element.getBoundingClientRect();
  const below = around.bottom + GAP + size.height <= window.innerHeight - GAP;
  const top = below ? around.bottom + GAP : Math.max(GAP, window.innerHeight - size.height - GAP);
  const right = around.left + size.width <= window.innerWidth - GAP;
  const left = right ? around.left : Math.max(GAP, around.right - size.width);
  element.style.setProperty('top', `${top}px`);
  element.style.setProperty('left', `${left}px`);
}
