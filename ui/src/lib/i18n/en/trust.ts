/** Invites into private networks, how fresh their members are, recovery, waiting, finding people. */
export const trust = {
  'network.invites': 'Invites',

  'member.how': 'How they come in',
  'member.how.invite': 'Invite link',
  'member.how.contact': 'A contact',
  'member.how.key': 'By key',
  'member.keyMember': '{name} has this key and is a member already.',
  'member.noContacts':
    'Everybody you know is a member already. Make an invite link, or ask for a key.',
  'member.gainsAdmin': 'As an admin they can also remove anybody, you as well.',

  'invites.lead':
    'A link that lets in one person, or one device, whom you need not know by key. It works once.',
  'invites.whom': 'For whom',
  'invites.whomHint': 'Their name in this network. Left empty, they come in by their own.',
  'invites.lasts': 'Works for',
  'invites.hours': { one: '{n} hour', other: '{n} hours' },
  'invites.days': { one: '{n} day', other: '{n} days' },
  'invites.make': 'Make the link',
  'invites.made': 'An invite to {network}',
  'invites.madeFor': 'An invite for {name}',
  'invites.link': 'Invite link',
  'invites.once':
    'It works once: the first who opens it becomes a member of {network}, in the role: {role}.',
  'invites.until': 'It works until {when}. You can take it back at any time.',
  'invites.secret': 'It is shown only now, and whoever has it can use it: send it to one person.',
  'invites.running':
    'Only your app can let them in: it has to be running when they open the link. Otherwise they wait until it does.',
  'invites.toList': 'All invites',
  'invites.none': 'No invites yet',
  'invites.new': 'Make an invite',
  'invites.open': {
    one: '{n} invite can still be used.',
    other: '{n} invites can still be used.',
  },
  'invites.anybody': 'Whoever opens it first',
  'invites.madeAt': 'Made {when}',
  'invites.worksUntil': 'ends {when}',
  'invites.usedBy': 'let in {name} {when}',
  'invites.ended': 'ended {when}, unused',
  'invites.takenBack': 'nobody came in by it',
  'invites.state.open': 'Open',
  'invites.state.used': 'Used',
  'invites.state.expired': 'Ended',
  'invites.state.revoked': 'Taken back',
  'invites.revoke': 'Take it back',
  'invites.revokeTitle': 'Take this invite back?',
  'invites.revokeTitleFor': 'Take back the invite for {name}?',
  'invites.revoke1': 'Whoever opens the link from now on is refused.',
  'invites.revoke2': 'This cannot be undone, but you can make another one.',
  'invites.revoked': 'The invite no longer works.',

  'fresh.title': 'How sure the list of members is',
  'fresh.line': 'Members confirmed {when}',
  'fresh.lineBy': 'Members confirmed {when} by {name}',
  'fresh.confirmed': '{name} confirmed the members',
  'fresh.somebody': 'An admin or a hub',
  'fresh.how': 'The apps of admins and hubs do it by themselves, once a day, while they run.',
  'fresh.unknown': 'Nobody has confirmed the members yet.',
  'fresh.soon': 'The members were last confirmed {when}',
  'fresh.soon.cuts':
    'If nobody confirms them by {date}, members no longer reach each other until somebody does.',
  'fresh.soon.warns':
    'If nobody confirms them by {date}, somebody who was removed might still be let in by members who have not heard of it.',
  'fresh.stale': 'The members were last confirmed {when}, which is too long ago',
  'fresh.staleNever': 'Nobody has confirmed the members for too long',
  'fresh.behind': 'This device knows less of the members than it did before',
  'fresh.behindWhy':
    'That happens when an old copy of its data is put back. Somebody who was removed since could be on its list, so it lets nobody in until another member has told it the rest.',
  'fresh.behindYou':
    'Wait until another member is online. If there is none any more, look through the members and then confirm what is here.',
  'fresh.banner.behind':
    'This device knows less of the members of “{name}” than it did before, and lets nobody in until another member is online.',
  'fresh.stale.cuts':
    'Members connect only to bring the list up to date. Messages and devices wait; nothing is lost.',
  'fresh.stale.warns':
    'Everything goes on, but somebody who was removed might still be let in by members who have not heard of it.',
  'fresh.todoYou': 'You can confirm them now. The others learn it as soon as they are connected.',
  'fresh.todoOthers': 'Ask one of these to open their app: {names}.',
  'fresh.todoAdmin': 'Ask an admin of the network to open their app.',
  'fresh.now': 'Confirm now',
  'fresh.done': 'The members of {name} are confirmed as of now.',
  'fresh.banner.soon':
    'The members of {name} were last confirmed {when}. They have to be by {date}.',
  'fresh.banner.cuts':
    'Nobody has confirmed the members of {name} for too long: members do not reach each other until somebody does.',
  'fresh.banner.warns': 'Nobody has confirmed the members of {name} for too long.',

  'policy.change': 'Change the limit',
  'policy.cuts.now': {
    one: 'After {n} day without that, members are cut off from each other.',
    other: 'After {n} days without that, members are cut off from each other.',
  },
  'policy.warns.now': {
    one: 'After {n} day without that, you are warned; nobody is cut off.',
    other: 'After {n} days without that, you are warned; nobody is cut off.',
  },
  'policy.title': 'When the members of {name} are too old',
  'policy.lead':
    'A member who was away cannot know whom you removed meanwhile. So an admin or a hub confirms the list, once a day.',
  'policy.days': 'Too old after',
  'policy.nDays': { one: '{n} day', other: '{n} days' },
  'policy.then': 'Then',
  'policy.cuts': 'Cut off',
  'policy.warns': 'Only warn',
  'policy.cuts.gain': {
    one: 'Whoever you remove is let in by nobody after {n} day, not even by members who have heard of nothing.',
    other:
      'Whoever you remove is let in by nobody after {n} days, not even by members who have heard of nothing.',
  },
  'policy.cuts.price': {
    one: 'In return, when no admin and no hub is online for {n} day, members do not reach each other until one is.',
    other:
      'In return, when no admin and no hub is online for {n} days, members do not reach each other until one is.',
  },
  'policy.warns.gain': {
    one: 'Members always reach each other. After {n} day everybody is warned.',
    other: 'Members always reach each other. After {n} days everybody is warned.',
  },
  'policy.warns.price':
    'In return there is no day by which a removal is certain: a member who has not heard of it lets them in.',
  'policy.short': 'With so short a limit the network needs an always-on hub.',
  'policy.saved': 'Saved. The others learn it as soon as they are connected.',

  'recover.open': 'Use the recovery words',
  'byWords.recover.title': 'Become an admin of {name}',
  'byWords.recover.lead':
    'For when no admin is left. These are the words that were shown when the network was made, not your own 24.',
  'recover.words': 'The recovery words',
  'byWords.recover.1': 'You can let in, give roles and remove from then on.',
  'byWords.recover.2': 'Everybody in the network sees that the words were used, and by whom.',
  'byWords.recover.3': 'Admins who are still there stay admins, and the words keep working.',
  'byWords.recover.act': 'Become an admin',
  'byWords.recover.done': 'You are an admin of {name}.',

  'history.line': {
    one: '{n} change of the members is remembered, of {limit}.',
    other: '{n} changes of the members are remembered, of {limit}.',
  },
  'history.full':
    'When the list of changes is full, nobody can be let in any more; removing still works.',
  'tidy.open': 'Put the changes together…',
  'byWords.tidy.title': 'Put the changes of {name} together',
  'byWords.tidy.lead':
    'The list of old changes is replaced by one that says who is a member now. It takes the words that were shown when the network was made.',
  'byWords.tidy.1': 'Members, roles, names and what was removed stay as they are.',
  'byWords.tidy.2': 'The old changes are forgotten, here and at everybody else’s.',
  'byWords.tidy.3':
    'What another admin lets in or changes elsewhere before hearing of it has to be repeated. Removals always count.',
  'byWords.tidy.act': 'Put together',
  'byWords.tidy.done': 'The changes of {name} are put together.',

  'waiting.title': 'Waiting to be let in',
  'waiting.for': 'Waiting for {name}’s app to let you in',
  'waiting.text':
    'You need not do anything: as soon as that app runs and reaches yours, you are in {network}.',
  'waiting.cancel': 'Stop waiting',
  'waiting.copyKey': 'Copy your key',
  'waiting.cancelled': 'No longer asking to be let into {name}.',
  'waiting.short': 'Waiting to be let in',

  'bundle.title': 'For a device that is offline',
  'bundle.lead':
    'All signed changes and the newest confirmation in one file. A device or a hub without a window joins by it, before it has met anybody.',
  'bundle.save': 'Save for an offline device',
  'bundle.saved': 'Saved {size} to {path}.',
  'bundle.use': 'Name it in the device’s configuration, under [[network]], as bundle = "{file}".',

  'find.title': 'Find someone by name',
  'find.lead':
    'People of the public network who said that they can be found. They learn nothing until you ask.',
  'find.name': 'The name they go by',
  'find.act': 'Find',
  'find.found': {
    one: '{n} person goes by the name {name}.',
    other: '{n} people go by the name {name}.',
  },
  'find.none': 'Nobody was found under “{name}”. They may be away, or may not want to be found.',
  'find.one': 'Anybody can take any name. Compare the fingerprint with them before you trust it.',
  'find.several': {
    one: '{n} goes by this name. Compare the fingerprint with the one you mean.',
    other: '{n} go by this name. Compare the fingerprint with the one you mean.',
  },
  'find.ask': 'Ask',
  'find.looking': 'Looking around the public network. This may take ten seconds.',
} as const;
