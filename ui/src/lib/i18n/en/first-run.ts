/** The first run, restoring, and unlocking. */
export const firstRun = {
  'first.step': 'Step {n} of 3',
  'first.welcome': 'Welcome to Streembit',
  'first.lead':
    'Talk with people and run your own devices, with nobody in between. It begins with a name.',
  'first.name': 'Your name',
  'first.nameHint':
    'The people you meet see it. In the public network it is readable by anyone who has your key. You can change it later.',
  'first.namePlaceholder': 'Alice',
  'first.nameTooLong': 'At most 64 letters.',
  'first.create': 'Create my account',
  'first.creating': 'Making your keys',
  'first.haveAccount': 'I already have an account',

  'first.words': 'Your 24 words',
  'first.wordsLead':
    'Whoever has these words is you. They bring back your account on another machine, though not your messages. Write them down and keep them where you keep what matters.',
  'first.wordsCopy': 'Copy the words',
  'first.wordsCopied': 'Copied. Paste them somewhere safe, then copy something else.',
  'first.wordsPrintTitle': 'Streembit: the 24 words of {name}',
  'first.wordsKept': 'I have written them down',
  'first.wordsLater': 'Do it later',
  'first.wordsList': 'The 24 words',
  'first.check': 'Three of them, please',
  'first.checkLead': 'So that you know that your copy is right.',
  'first.checkWord': 'Word {n}',
  'first.checkWrong': 'That is not word {n}. Look at your copy again.',
  'first.checkAct': 'Check',
  'first.checkBack': 'Show the words again',
  'first.kept': 'Right. Your account can be brought back.',

  'first.meet': 'Meet someone',
  'first.meetLead':
    'Give your invite to a person you want to talk with, or paste the one they gave you.',
  'first.meetMine': 'Your invite',
  'first.meetMineText':
    'It works once, for one person: whoever opens it becomes your contact without asking.',
  'first.meetTheirs': 'Their invite',
  'first.meetPasteHint': 'It begins with streembit:',
  'first.meetLook': 'Look at it',
  'first.meetNoInvite': 'Making an invite did not work: {why}',
  'first.finish': 'Open Streembit',

  'keyring.title': 'The keyring of this system did not answer',
  'keyring.text':
    'Streembit keeps your keys in the system’s keyring so that no other program can read them. Nothing has been made or changed yet.',
  'keyring.fix':
    'Unlock it or start it, then try again. Or keep the keys in a file that only your passphrase opens; you will be asked for it at each start.',
  'keyring.file': 'Use a passphrase instead',
  'keyring.passphrase': 'Passphrase',
  'keyring.passphraseHint': 'At least 8 characters. Without it the keys cannot be read by anybody.',
  'keyring.repeat': 'The same again',
  'keyring.mismatch': 'The two are not the same.',
  'keyring.createWithFile': 'Create with this passphrase',

  'restore.title': 'Bring back your account',
  'restore.lead': 'With the 24 words, or from a backup file.',
  'restore.how': 'Bring back from',
  'restore.fromWords': '24 words',
  'restore.fromFile': 'Backup file',
  'restore.words': 'Your 24 words',
  'restore.wordsHint': 'They bring back who you are, not your messages.',
  'restore.count': { one: '{n} word of 24', other: '{n} words of 24' },
  'restore.name': 'Your name',
  'restore.noFile': 'No file chosen',
  'restore.passphrase': 'Passphrase of the backup',
  'restore.act': 'Bring back',

  'unlock.title': 'Welcome back, {name}',
  'unlock.titleNameless': 'Welcome back',
  'unlock.lead': 'Your keys are in a file that only your passphrase opens.',
  'unlock.passphrase': 'Passphrase',
  'unlock.act': 'Open',
  'unlock.linkWaits': 'The link that you opened is shown when your keys can be read.',
  'unlock.trouble': 'Your keys cannot be read',
  'unlock.nothingLost':
    'Nothing was deleted and nothing new was made. Your account is as you left it.',

  'reminder.text':
    'You have not kept your 24 words yet. Without them a broken disk ends this account.',
  'reminder.act': 'Keep them now',
} as const;
