/** The computers of one person: the list, linking another one, what was removed. */
export const computers = {
  'settings.computers': 'Computers',
  'computers.lead':
    'Everything you write and get is on each of these. They find each other as your contacts find you.',
  'computers.this': 'This computer',
  'computers.other': 'Computer {id}',
  'computers.connected': 'Connected',
  'computers.away': 'Not connected',
  'computers.since': 'Linked {when}',
  'computers.made': 'Set up {when}',
  'computers.seen': 'last met {when}',
  'computers.removedAt': 'Removed {when}',
  'computers.only': 'This is your only computer',
  'computers.onlyText':
    'Link another one, and it has your contacts, networks and messages, and gets whatever comes from then on.',
  'computers.link': 'Link another computer',
  'computers.remove': 'Remove',
  'computers.removeOne': 'Remove the computer {id}',
  'computers.removeTitle': 'Remove the computer {id}?',
  'computers.remove1': 'It gets no new messages, and none of your contacts and networks let it in.',
  'computers.remove2':
    'What it has already stays on it. Whoever opens it can read that, and if it was taken unlocked, has your account key: then only a new account helps.',
  'computers.remove3': 'It cannot be taken back. To use it again, link it anew.',
  'computers.removeAct': 'Remove this computer',
  'computers.removed':
    'The computer was removed. Contacts who are offline hear of it when they are back.',

  'linking.title': 'Link another computer',
  'linking.lead':
    'Start Streembit on the other computer, choose “I use Streembit on another computer”, and give it this link. Both must be on at the same time.',
  'linking.label': 'The link for your other computer',
  'linking.warning':
    'Whoever has this link can ask to become you. Show it to nobody else; it works once.',
  'linking.left': 'It works for another {time}.',
  'linking.waiting': 'Waiting for the other computer',
  'linking.code': 'The six digits',
  'linking.compare': 'Does the other computer show these digits?',
  'linking.compareText':
    'Look at its screen. Only if they are the same, everything is handed over: your keys, contacts, networks and messages.',
  'linking.match': 'They match',
  'linking.differ': 'They don’t match',
  'linking.sending': 'Handing everything over',
  'linking.preparing': 'Putting everything together',
  'linking.sent': '{done} of {all}',
  'linking.sendingText': 'Leave both computers on until it is through.',
  'linking.done': 'The other computer is linked',
  'linking.doneText':
    'It has everything that this one has. Your contacts are told that you use another computer.',
  'linking.closed': 'Nothing was linked',
  'linking.closedText':
    'The link is over: its ten minutes have passed, the digits were not the same, or the connection broke. Nothing was handed over. Make a new link to try again.',
  'linking.again': 'Make a new link',
  'linking.failed': 'No link could be made',

  'join.offer': 'I use Streembit on another computer',
  'join.title': 'Link this computer',
  'join.lead':
    'On the computer that you use already, open Settings, Computers, and choose “Link another computer”. Copy the link it shows, and paste it here.',
  'join.field': 'The link from your other computer',
  'join.fieldHint': 'It begins with streembit:node/ and works for ten minutes.',
  'join.notNode':
    'This is another kind of link. The one that is needed begins with streembit:node/.',
  'join.act': 'Link this computer',
  'join.reaching': 'Looking for your other computer',
  'join.reachingText': 'It may take a moment. Both must be on, with Streembit open.',
  'join.compare': 'Does your other computer show these digits?',
  'join.compareText':
    'Say so over there. If they differ, say that too: somebody else is in between, and nothing is handed over.',
  'join.receiving': 'Getting everything',
  'join.receivingText': 'Your contacts, networks and messages come from your other computer.',
  'join.failed': 'This computer was not linked',
  'join.failedText':
    'Nothing was made here. Make a new link on your other computer, and try again.',

  'removed.title': 'This computer was removed from your account',
  'removed.text':
    'It was done on another of your computers. This one gets nothing new, and nothing that you write here arrives. What is on it can still be read.',
  'removed.back':
    'To use it again, delete what is here and link it anew. Nothing on your other computers is deleted by that.',
  'removed.act': 'Delete what is here',

  'contact.computers': 'Their computers',
  'contact.computerNew': 'New',
  'contact.computerFirst': 'Known since {when}',
  'contact.computerGone': 'not used any more',
  'contact.computersText':
    'Whatever you write goes to each of them, sealed for it alone. A new one is signed with the same key as the others: the safety number stays the same.',
  'chat.newComputer': '{name} uses a new computer.',
  'chat.newComputerTip':
    'It is signed with {name}’s key, as the others are. If you did not expect it, ask them by another way.',
  'chat.newComputerLook': 'Look',
} as const;
