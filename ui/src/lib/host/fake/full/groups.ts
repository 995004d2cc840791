import type { Message, Note } from '../../../model';
import { keyOf } from '../keys';
import type { World } from '../world';
import { DAY, HOME, HOUR, ME, MINUTE } from './who';

export const GARDEN = `group:${keyOf('garden')}`;

/** A group of the private network, with what was written in it. */
export function addGroups(world: World, now: number): void {
  const member = (name: string, peer: string, admin: boolean, since: number) => ({
    peer,
    name,
    admin,
    since,
  });
  world.groups.push({
    group: GARDEN,
    network: HOME,
    title: 'Garden',
    member: true,
    admin: true,
    members: [
      member('Alice', ME, true, now - 3 * DAY),
      member('Bob', keyOf('Bob'), false, now - 3 * DAY),
      member('Nora', keyOf('Nora'), false, now - 2 * DAY),
    ],
  });
  let order = 20_000_000;
  const put = (from: string, text: string, at: number, more: Partial<Message> = {}) => {
    order += 1;
    world.messages.push({
      id: `0300${String(order)}`,
      network: HOME,
      peer: GARDEN,
      from,
      text,
      sent_at: at,
      order,
      state: 'delivered',
      reactions: [],
      ...more,
    });
  };
  const note = (what: Note['what'], at: number, peer?: string, text = '') =>
    put(ME, text, at, { state: 'read', note: peer === undefined ? { what } : { what, peer } });
  const reach = (delivered: number, read: number) => ({ recipients: 2, delivered, read });
  const [bob, nora] = [keyOf('Bob'), keyOf('Nora')];
  note('created', now - 3 * DAY, undefined, 'Garden');
  note('added', now - 3 * DAY, bob);
  put(ME, 'Who waters the tomatoes this week?', now - 3 * DAY + MINUTE, {
    state: 'read',
    reach: { recipients: 1, delivered: 1, read: 1 },
  });
  put(bob, 'I do, on Monday and on Thursday.', now - 3 * DAY + 4 * MINUTE);
  note('added', now - 2 * DAY, nora);
  put(nora, 'Hello! I can take the weekend.', now - 5 * HOUR, {
    reactions: [{ peer: ME, emoji: '👍' }],
  });
  put(nora, 'The can leaks, by the way.', now - 5 * HOUR + MINUTE);
  put(bob, 'There is another one behind the shed.', now - 4 * HOUR);
  put(ME, 'Then I bring a new one on Saturday.', now - 2 * HOUR, {
    state: 'delivered',
    reach: reach(2, 1),
  });
  put(ME, 'And soil.', now - 2 * HOUR + MINUTE, { state: 'sent', reach: reach(1, 0) });
}
