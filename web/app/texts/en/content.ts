import { localeOf } from '../locale.ts'

const locale = localeOf('en')

/** What is signed beside Ethereum transactions and messages, as it is reviewed. */
export const payment = {
  toSelf: 'Move coins within the wallet',
  change: 'Back to this wallet',
  own: (path: string) => `this wallet’s address ${path}`,
  fee: 'Network fee',
  feeRate: (rate: string, size: number) => `${rate} satoshi per virtual byte, ${locale.number(size)} virtual bytes`,
  from: 'Coins that are spent',
  satoshi: (amount: string) => `${amount} satoshi`,
  memo: 'Words for everybody to read (OP_RETURN)',
  replaceable: 'Replaceable (RBF)',
  isReplaceable: 'Yes: until it is in a block, this wallet can sign another one with a higher fee in its place',
  isFinal: 'No: it does not say that it may be replaced',
  notBefore: 'Not valid before',
  block: (number: number) => `block ${locale.number(number)}`,
  date: (at: Date) => locale.moment(at),
  warnings: {
    unproven:
      'The PSBT does not contain the transactions that its coins come from. Whoever made it could have understated an amount, and everything that is understated goes to the network as a fee. Sign only if it comes from a program you trust, or have it made with full previous transactions.',
    script: 'One output has no address Quorate can show. Its script is shown instead.',
    burnt: 'An output of words (OP_RETURN) holds money: it is gone for good, and nobody gets it.',
    nobody: 'Nobody can ever spend one of the outputs: its money is gone for good.',
    anybody: 'One output can be taken by anybody who sees it: its money is as good as lost.',
    fee: 'The network fee is more than a tenth of what is sent.',
    feeToSelf: 'The network fee is more than a tenth of the coins that are moved.',
    expensive: 'The network fee is 0.01 BTC or more.',
    rate: 'The fee rate is far above what is usual. Check it.',
    slow: 'The fee is below 0.1 satoshi per virtual byte: most nodes will not pass this payment on.',
    locked: (when: string) => `The network takes this payment only from ${when} on.`,
    waits: 'The network takes this payment only once its coins have been there for some time.',
  },
}

export const typed = {
  title: (type: string) => `Sign typed data: ${type}`,
  domain: 'Who asks for it',
  fields: {
    name: 'Application, by its own word',
    version: 'Version',
    chainId: 'Network',
    verifyingContract: 'Contract that checks it',
    salt: 'Salt',
  },
  empty: 'Empty',
  emptyText: 'Empty text',
  moment: (at: Date) => locale.moment(at),
  farMoment: 'After the year 9999: in practice without an end',
}

export const addresses = {
  title: 'More receiving addresses',
  lead: 'Each belongs to this wallet as much as the main address, and is signed for by the same parties. They keep payments apart; they are not separate wallets.',
  show: 'Show addresses',
  more: 'Show more',
  ethereum: (path: string) => `Ethereum address ${path}`,
  bitcoin: (path: string) => `Bitcoin address ${path}`,
  extended: 'Extended public key (xpub)',
  extendedHint:
    'For a watch-only wallet that shows balances and makes PSBTs (native SegWit, addresses m/0/…, change m/1/…). It can move nothing, but whoever has it sees all addresses.',
  descriptor: 'Output descriptor',
  descriptorQr: 'Output descriptor to scan',
  origin: (fingerprint: string) => `Fingerprint ${fingerprint}, path m`,
  mainDescriptor: 'Output descriptor of the main address',
  mainDescriptorHint:
    'The main address is not among those above. Import this too, so that a watch-only wallet sees what is paid to it.',
}
