import type { Attachment } from 'svelte/attachments';

/** Moves between the rows of a list with the arrow keys, Home and End. */
export const rows: Attachment<HTMLElement> = (list) => {
  const onkeydown = (event: KeyboardEvent) => {
    const all = [...list.querySelectorAll<HTMLElement>('[data-row]:not(:disabled)')];
    const at = all.findIndex((row) => row === document.activeElement);
    if (at < 0) return;
    const next = nextOf(event.key, at, all.length);
    if (next === null) return;
    event.preventDefault();
    all[next]?.focus();
  };
  list.addEventListener('keydown', onkeydown);
  return () => list.removeEventListener('keydown', onkeydown);
};

function nextOf(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
