import { localeOf } from '../locale.ts'

const locale = localeOf('en')

export const guardians = {
  link: 'Guardians',
  title: (name: string) => `Guardians of “${name}”`,
  lead: 'People you trust who can bring this device’s share back if it is lost. Each keeps a piece of a key on paper. Enough of them together open a file with the share; fewer learn nothing. A guardian holds no share and can sign nothing alone.',
  setUp: 'Name guardians',
  open: 'Open',
  inOrder: (needed: number, count: number) =>
    `${needed} of your ${count} guardians can bring this device’s share back. Their file is up to date.`,
  due: {
    file: 'The shares were renewed. The guardians’ file holds an old one: make a new file. The guardians need not do anything, their pieces stay.',
    'first-drill':
      'Nobody has tried yet whether the guardians’ pieces open the file. Hold a drill while nothing is lost.',
    drill:
      'The last drill was more than a year ago. Check that the guardians can be reached, and that they still have their pieces.',
  },
  who: 'Who they are',
  guardian: (number: number) => `Name of guardian ${number}`,
  nameEach: 'Give each guardian a name of their own.',
  addGuardian: 'Add a guardian',
  removeGuardian: 'Remove the last one',
  needed: 'How many are needed',
  neededHint: 'Choose enough that they would not act behind your back, and so few that the others may be out of reach.',
  ofGuardians: (needed: number, count: number) => `${needed} of ${count} guardians`,
  before:
    'You need a printer, or pen and paper: the pieces are shown once. The file for the guardians is saved at the same time.',
  make: 'Make the pieces',
  pieces: 'One piece for each guardian',
  print: 'Print',
  once: 'Print these pages now, or write the words down. Quorate keeps no piece: once you leave this page, they are gone.',
  fileToo:
    'Give each guardian the file that was just saved as well, or keep copies where they will find it. Without pieces it opens for nobody.',
  pieceFor: (number: number, count: number, name: string) => `Piece ${number} of ${count}, for ${name}`,
  onPaper: (wallet: string, needed: number, count: number) =>
    `This is a piece of a key to a share of the wallet “${wallet}”. Keep it secret, and keep it apart from the other pieces. Any ${needed} of the ${count} pieces open the guardians’ file: in Quorate under Restore, “Pieces of guardians”; without Quorate as docs/GUARDIANS.md says. The words are SLIP-39. Give them to nobody before you have spoken with the owner in person.`,
  printed: (date: Date) => `Made on ${locale.moment(date)}.`,
  handedOut: 'I have all pieces on paper',
  fileMade: 'File for the guardians',
  drilled: 'Last drill',
  never: 'Never',
  at: (date: Date) => locale.moment(date),
  file: 'The guardians’ file',
  newFile: 'Make a new file',
  newFileFor: 'Make a new file for the guardians',
  newFileText: 'After every renewal of the shares. It opens with the pieces that the guardians have already.',
  makeFile: 'Save the new file',
  saved: (file: string) => `Saved as ${file}. Replace all copies of the old file with it.`,
  drill: 'Hold a drill',
  drillText:
    'Ask as many guardians as are needed to bring their pieces, or do it at their places one after the other. Changes nothing, and keeps nothing of the pieces. Once a year is enough.',
  drillSubmit: 'Try the pieces',
  drillGood: (date: Date) =>
    `The pieces open the file. It was made on ${locale.moment(date)} and holds this device’s share.`,
  piecesHint: 'As many as are needed. Of each word its first four letters are enough.',
  piece: (number: number) => `Piece ${number}`,
  anotherPiece: 'Another piece',
  others: 'Other guardians',
  othersText:
    'To replace a guardian, name all of them anew: everybody gets a new piece. The old pieces go on opening old files. Renew the shares afterwards, and what is in those files is worth nothing alone.',
  startAnew: 'Name guardians anew',
  notLoaded: 'This part of the app could not be loaded. Check the connection and try again.',
  faults: {
    word: (word: string, at: number) => `“${word}” (word ${at}) is not a word that pieces are made of.`,
    length: (words: number) => `A piece has 33 words; one of these has ${words}.`,
    checksum: 'A word of one of these pieces is misread, or two have changed places.',
    form: 'One of these pieces was made by another program, in a form that is not read here.',
    'other-secret': 'These pieces do not belong together: one of them is of other guardians.',
    misfit: 'Each of these pieces is well written, but they do not fit together.',
    twice: (number: number) => `Piece ${number} was entered twice.`,
    tooFew: (given: number, needed: number) => `It takes ${needed} pieces; here are ${given}.`,
  },
}
