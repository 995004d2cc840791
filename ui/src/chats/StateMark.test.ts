import { render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { Message } from '$lib/model';
import StateMark from './StateMark.svelte';

function message(fields: Partial<Message>): Message {
  return {
    id: 'm1',
    network: 'public',
    peer: 'p',
    from: 'me',
    text: 'hello',
    sent_at: 1_800_000_000_000,
    state: 'sent',
    reactions: [],
    ...fields,
  } as Message;
}

test('says that a mailbox keeps it, and never that it was delivered', () => {
  const kept = message({ via: 'mailbox', kept_until: 1_801_209_600_000 });

  render(StateMark, { message: kept, name: 'Bob', hasWord: true });

  const mark = screen.getByTestId('state-m1');
  expect(mark.textContent).toContain('In a mailbox');
  expect(mark.dataset['state']).toBe('sent');
});

test('a mailbox shows no longer once the recipient has signed', () => {
  render(StateMark, { message: message({ state: 'delivered' }), name: 'Bob', hasWord: true });

  expect(screen.getByTestId('state-m1').textContent).toContain('Delivered');
});
