/** The practice network on this computer. */
export const practice = {
  'practice.try': 'Try it by yourself first',
  'practice.tryText':
    'A network on this computer only: Robin, a program that answers, and a home with a lamp, a thermostat, a sensor and a door. One act removes it again.',
  'practice.start': 'Practise',
  'practice.starting': 'Waking Robin and the devices',
  'practice.open': 'Open the practice network',
  'practice.lamp': 'Add a practice lamp',
  'practice.lampText':
    'A practice lamp comes with a network on this computer only, and with Robin, who answers. You can remove it all again.',
  'practice.only':
    'This is the practice network: it lives on this computer only, and nobody from outside can join it.',
  'practice.remove': 'Remove the practice network',
  'practice.removeTitle': 'Remove the practice network?',
  'practice.remove1': 'Robin and the practice devices stop, and what they kept is deleted.',
  'practice.remove2': 'Your conversation with Robin is deleted as well.',
  'practice.remove3':
    'Your other networks, contacts and devices stay as they are. You can make a new practice network under Devices.',
  'practice.removeAct': 'Remove',
  'practice.removed': 'Removed the practice network.',
} as const;
