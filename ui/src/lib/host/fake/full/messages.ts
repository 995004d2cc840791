import type { Message, MessageState } from '../../../model';
import { keyOf, random } from '../keys';
import type { World } from '../world';
import { DAY, HOME, HOUR, ME, MINUTE } from './who';

let serial = 0;

/** Adds one message. */
export function say(
  world: World,
  network: string,
  name: string,
  mine: boolean,
  text: string,
  at: number,
  state: MessageState = 'read',
  more: Partial<Message> = {},
): Message {
  const peer = keyOf(name);
  serial += 1;
  const id = `0199${String(serial).padStart(8, '0')}`;
  const message: Message = {
    id,
    network,
    peer,
    from: mine ? ME : peer,
    text,
    sent_at: at,
    order: serial,
    state,
    reactions: [],
    ...more,
  };
  world.messages.push(message);
  return message;
}

/** Puts the messages in the order in which they came. */
export function order(world: World): void {
  world.messages.sort((a, b) => a.sent_at - b.sent_at);
  world.messages.forEach((message, index) => (message.order = index + 1));
}

/** Conversations with messages in every state. */
export function addMessages(world: World, now: number): void {
  const today = new Date(now).setHours(9, 12, 0, 0);
  const yesterday = today - DAY;
  say(
    world,
    'public',
    'Maximiliane Wolkenstein-Trostburg von und zu Hohenfels',
    false,
    'The letters are in the blue box, second shelf.',
    now - 9 * DAY,
  );
  say(world, 'public', 'Dmitri', true, 'Did the part arrive?', now - 3 * DAY, 'queued');
  say(world, 'public', 'Bob', false, 'Are you coming on Saturday?', yesterday);
  say(
    world,
    'public',
    'Bob',
    true,
    'Yes. I bring the soldering iron, and the good coffee.',
    yesterday + 3 * MINUTE,
  );
  say(
    world,
    'public',
    'Bob',
    false,
    'The good coffee matters more.',
    yesterday + 4 * MINUTE,
    'read',
    { reactions: [{ peer: ME, emoji: '😂' }] },
  );
  say(world, 'public', 'Bob', false, '', yesterday + 5 * MINUTE, 'read', {
    deleted_at: yesterday + 6 * MINUTE,
  });
  const question = say(
    world,
    'public',
    'Bob',
    false,
    'One question about the hub: does it keep messages for the tablet while it is off, or only for phones and laptops? Nora asked, and I was not sure what to tell her.',
    today,
  );
  say(
    world,
    'public',
    'Bob',
    true,
    'Not yet. The tablet gets them from you when both are on.',
    today + 6 * MINUTE,
    'read',
    {
      reply_to: question.id,
      edited_at: today + 6.5 * MINUTE,
      reactions: [
        { peer: keyOf('Bob'), emoji: '👍' },
        { peer: ME, emoji: '👍' },
      ],
    },
  );
  say(world, 'public', 'Bob', false, 'ok', today + 7 * MINUTE);
  say(world, 'public', 'Bob', false, 'then I leave it on over night', today + 7.2 * MINUTE);
  say(
    world,
    'public',
    'Bob',
    true,
    'Good. I sent you the address:\nstreembit:seed/AbCdEfGh1234567890',
    today + 9 * MINUTE,
    'read',
  );
  say(world, 'public', 'Bob', true, 'See you then', today + 10 * MINUTE, 'delivered');
  say(world, 'public', 'Charlotte Okonkwo', false, 'Thank you!', now - 50 * MINUTE);
  say(
    world,
    'public',
    'Charlotte Okonkwo',
    true,
    'Sending the drawings tonight.',
    now - 41 * MINUTE,
    'sent',
  );
  say(
    world,
    'public',
    'שרה לוי',
    false,
    'שלום, מה שלומך? נתראה ביום שבת',
    now - 6 * MINUTE,
    'delivered',
  );
  say(world, 'public', 'Yuki', true, 'This one was refused', now - 2 * DAY, 'failed', {
    failure: 'too_large',
  });
  world.unread.set(`public/${keyOf('שרה לוי')}`, 2);
  say(world, HOME, 'Bob', false, 'The heating is on eco now.', now - 25 * MINUTE, 'delivered');
  say(world, HOME, 'Nora', true, 'The key is under the stone', now - 26 * HOUR, 'queued');
  world.unread.set(`${HOME}/${keyOf('Bob')}`, 1);
  world.choices.set(`public/${keyOf('Bob')}`, { pinned: true });
  world.choices.set(`public/${keyOf('Dmitri')}`, { archived: true });
  world.choices.set(`public/${keyOf('Charlotte Okonkwo')}`, { marked_unread: true });
  world.choices.set(`public/${keyOf('Yuki')}`, { muted_until: 253_402_300_799_000 });
  const roll = random(11);
  for (let index = 0; index < 180; index += 1) {
    const words = [
      'yes',
      'no',
      'maybe later',
      'the lamp is on',
      'call me',
      'on my way',
      'look at this',
    ];
    const text = words[Math.floor(roll() * words.length)] ?? '';
    say(
      world,
      'public',
      'Yuki',
      roll() > 0.5,
      `${text} (${index})`,
      now - 12 * DAY + index * 71 * MINUTE,
      'read',
    );
  }
  order(world);
}
