import { Failure } from '../host';
import type { Contact, Message } from '../../model';
import type { Emit, Handlers } from './commands';
import { fingerprintOf, keyOf, nodeOf } from './keys';
import { stretchOf, unreadAfter } from './history';
import { conversationsOf, type World } from './world';

let serial = 0;

export function peopleCommands(world: World, emit: Emit): Handlers {
  const find = (peer: string, network = 'public'): Contact => {
    const found = world.contacts.find((each) => each.peer === peer && each.network === network);
    if (!found) throw new Failure('not_found', 'there is no such contact');
    return found;
  };
  const change = (contact: Contact, more: Partial<Contact>): Contact => {
    Object.assign(contact, more);
    emit({
      type: 'contact',
      at: Date.now(),
      network: contact.network,
      peer: contact.peer,
      contact,
    });
    return contact;
  };
  const drop = (peer: string, network = 'public'): null => {
    world.contacts = world.contacts.filter(
      (each) => each.peer !== peer || each.network !== network,
    );
    emit({ type: 'contact', at: Date.now(), network, peer, contact: null });
    return null;
  };
  const alter = (id: string, change: (message: Message) => void): Message => {
    const message = world.messages.find((each) => each.id === id);
    if (!message) throw new Failure('not_found', 'no such message');
    change(message);
    tell(message);
    return message;
  };
  const tell = (message: Message) => emit({ type: 'message', at: Date.now(), message });

  return {
    contact_invite: () => ({
      link: `streembit:invite/${keyOf('invite', 420, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')}`,
      expires_at: Date.now() + 7 * 86_400_000,
    }),
    contact_find: ({ name }) =>
      name.toLowerCase().startsWith('nobody')
        ? []
        : ['', ' 2'].map((more) => {
            const peer = keyOf(`found ${name}${more}`);
            return { peer, name, fingerprint: fingerprintOf(peer) };
          }),
    contact_add: () => {
      const peer = keyOf('Bob');
      const known = world.contacts.find((each) => each.peer === peer && each.network === 'public');
      if (known) return known;
      const contact: Contact = {
        peer,
        name: 'Bob',
        network: 'public',
        state: 'accepted',
        presence: 'online',
        last_seen: Date.now(),
        verified: false,
        since: Date.now(),
        grants: [],
        fingerprint: fingerprintOf(peer),
        kind: 'human',
      };
      world.contacts.push(contact);
      return contact;
    },
    contacts_list: ({ network }) =>
      world.contacts.filter((each) => !network || each.network === network),
    contact_accept: ({ peer, network }) =>
      change(find(peer, network), { state: 'accepted', since: Date.now() }),
    contact_decline: ({ peer, network }) => drop(peer, network),
    contact_block: ({ peer, network }) =>
      change(find(peer, network), { state: 'blocked', presence: 'offline', since: Date.now() }),
    contact_unblock: ({ peer, network }) => {
      change(find(peer, network), { state: 'accepted', since: Date.now() });
      return null;
    },
    contact_remove: ({ peer, network }) => drop(peer, network),
    contact_rename: ({ peer, network, name }) => change(find(peer, network), { name }),
    contact_verify: ({ peer, network, verified }) => change(find(peer, network), { verified }),
    contact_safety_number: () => ({
      number: '05712 93018 44127 60934 11873 20945 77120 36458 90213 55671 08324 41906',
      qr: '',
    }),
    conversations_list: ({ network }) =>
      conversationsOf(world).filter((each) => !network || each.network === network),
    conversation_read: ({ peer, network, through }) => {
      const key = `${network ?? 'public'}/${peer}`;
      world.unread.set(key, through === undefined ? 0 : unreadAfter(world, key, through));
      world.choices.set(key, { ...world.choices.get(key), marked_unread: false });
      return null;
    },
    conversation_set: ({ peer, network = 'public', ...change }) => {
      const key = `${network}/${peer}`;
      world.choices.set(key, { ...world.choices.get(key), ...change });
      const all = conversationsOf(world);
      const found = all.find((each) => each.network === network && each.peer === peer);
      if (!found) throw new Failure('not_found', 'nobody here knows this peer');
      emit({ type: 'conversation', at: Date.now(), conversation: found });
      return found;
    },
    conversation_typing: () => null,
    messages_list: (page) => stretchOf(world, page),
    messages_search: ({ text, network, peer }) =>
      world.messages
        .filter((each) => each.text.toLowerCase().includes(text.toLowerCase()))
        .filter((each) => !network || each.network === network)
        .filter((each) => !peer || each.peer === peer)
        .slice(-200)
        .reverse()
        .map((each) => {
          const at = each.text.toLowerCase().indexOf(text.toLowerCase());
          const marks: [number, number][] = [[at, at + text.length]];
          const { id, from, sent_at } = each;
          return {
            id,
            network: each.network,
            peer: each.peer,
            from,
            snippet: each.text,
            marks,
            sent_at,
          };
        }),
    message_send: ({ peer, network, text, reply_to }) => {
      serial += 1;
      const message: Message = {
        id: `0200${String(serial).padStart(8, '0')}`,
        network: network ?? 'public',
        peer,
        from: world.account.peer ?? '',
        text,
        sent_at: Date.now(),
        order: 10_000_000 + serial,
        state: 'queued',
        reactions: [],
        ...(reply_to ? { reply_to } : {}),
      };
      world.messages.push(message);
      tell(message);
      const contact = world.contacts.find(
        (each) => each.peer === peer && each.network === message.network,
      );
      if (contact?.presence === 'online') {
        (['sent', 'delivered', 'read'] as const).forEach((state, index) =>
          setTimeout(
            () => {
              message.state = state;
              tell(message);
            },
            500 * (index + 1),
          ),
        );
      }
      return { id: message.id, state: 'queued' };
    },
    message_react: ({ id, emoji }) =>
      alter(id, (message) => {
        const me = world.account.peer ?? '';
        message.reactions = message.reactions.filter((each) => each.peer !== me);
        if (emoji !== '') message.reactions.push({ peer: me, emoji });
      }),
    message_edit: ({ id, text }) =>
      alter(id, (message) => Object.assign(message, { text, edited_at: Date.now() })),
    message_delete: ({ id, here }) =>
      alter(id, (message) => {
        const isHere = here === true || message.from !== world.account.peer;
        message.text = '';
        message.reactions = [];
        message.deleted_at = Date.now();
        if (isHere) message.deleted_here = true;
      }),
    link_inspect: ({ link }) => inspect(link),
  };
}

function inspect(link: string) {
  const kind = /^streembit:(invite|network|claim|seed)\//.exec(link)?.[1];
  const base = {
    peer: null,
    fingerprint: null,
    node: null,
    network: null,
    name: null,
    addresses: [],
    expires_at: null,
    expired: false,
    known: false,
  };
  const peer = keyOf('Bob');
  switch (kind) {
    case 'invite':
      return {
        ...base,
        kind: 'invite' as const,
        peer,
        fingerprint: fingerprintOf(peer),
        node: nodeOf('Bob'),
        name: 'Bob',
        addresses: ['/ip4/192.168.1.31/udp/41001/quic-v1'],
        expires_at: Date.now() + 6 * 86_400_000,
        effect: 'Bob becomes your contact: each of you can connect to the other and write.',
      };
    case 'network':
      return {
        ...base,
        kind: 'network' as const,
        network: keyOf('garden'),
        name: 'Garden',
        addresses: ['/ip4/192.168.1.31/udp/41001/quic-v1'],
        ...(link.endsWith('/once') ? { expires_at: Date.now() + 6 * 86_400_000 } : {}),
        effect: link.endsWith('/once')
          ? 'A one-time invite: it lets you into the private network Garden as a member, once. Ann’s app has to be running for that.'
          : 'You join the private network Garden, if its admin has added your key. Its members see your name and when you are online.',
      };
    case 'claim':
      return {
        ...base,
        kind: 'claim' as const,
        peer: keyOf('Shed board'),
        fingerprint: fingerprintOf(keyOf('Shed board')),
        name: 'Shed board',
        addresses: ['/ip4/192.168.1.60/tcp/40001'],
        effect:
          'You become the owner of this device, and it becomes a member of a private network that you choose.',
      };
    case 'seed':
      return {
        ...base,
        kind: 'seed' as const,
        node: nodeOf('seed 2'),
        addresses: ['/ip4/203.0.113.8/udp/4001/quic-v1'],
        effect: 'Your node asks this one first when it looks for others in the public network.',
      };
    default:
      throw new Failure('invalid_arguments', 'this is not a streembit: link');
  }
}
