import type { ContentRule } from '../../../../tss-wasm/content/refused.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('en')

export const sign = {
  with: (name: string) => `Sign with “${name}”`,
  what: 'What do you want to sign?',
  kinds: {
    form: 'Transaction',
    paste: 'Pasted transaction',
    message: 'Message',
    typed: 'Typed data (EIP-712)',
    psbt: 'Bitcoin payment (PSBT)',
    digest: 'Raw digest (experts)',
  },
  network: 'Network',
  otherNetwork: 'Another network …',
  chainId: 'Chain ID',
  to: 'Recipient',
  toHint: 'An address of 0x and 40 hex digits. Leave it empty only to create a contract.',
  value: (currency: string) => `Amount in ${currency}`,
  nonce: 'Nonce',
  nonceHint: 'How many transactions this address has sent on the network so far.',
  maxFee: 'Max fee per gas (gwei)',
  tip: 'Max priority fee (gwei)',
  gas: 'Gas limit',
  gasHint: '21000 for a plain transfer to a person’s address.',
  data: 'Data',
  dataHint: '0x-hex. Leave it empty for a plain transfer.',
  paste: 'Unsigned transaction',
  pasteHint:
    'EIP-1559 (type 2) or legacy with its network (EIP-155), not signed yet: 0x-hex, or JSON with every field.',
  message: 'Message',
  messageHint: 'It is signed as a personal message (EIP-191), never as a transaction.',
  typed: 'Typed data',
  typedHint: 'EIP-712 as JSON, with types, primaryType, domain and message.',
  psbt: 'PSBT',
  psbtHint: 'Base64 or hex, version 0, spending only from this wallet’s own Bitcoin addresses, not signed yet.',
  psbtFile: 'Open a PSBT file',
  signer: 'Address that signs',
  signerMain: (address: string) => `Main address, ${address}`,
  signerAt: (path: string, address: string) => `${path}, ${address}`,
  signerOther: 'Another path …',
  path: 'Path',
  pathHint: 'Such as m/0/12: indexes below the wallet’s key, without hardened ones.',
  digest: 'Digest',
  digestHint: '32 bytes in hex, signed exactly as they are.',
  review: 'Review',
  edit: 'Edit',
  reviewTitle: 'Check what you sign',
  coSigner: 'Who is asked to sign with you',
  coSignerHint: (needed: number) =>
    needed === 1
      ? 'One other is needed; the first to approve signs. A person can take until tomorrow: keep this tab open.'
      : `${needed} others are needed; the first to approve sign. People can take until tomorrow: keep this tab open.`,
  coSignerMissing: (needed: number) => `Choose at least ${needed}.`,
  passphrase: 'Passphrase of this wallet',
  submit: 'Sign now',
  wrong: 'This does not work yet',
  invalid: {
    required: 'Fill this in.',
    integer: 'A whole number, digits only.',
    amount: (decimals: number) => `A number such as 1.5, with at most ${decimals} digits after the point.`,
    address: 'Not an address: expected 0x and 40 hex digits.',
    checksum: 'The letters’ upper and lower case do not fit: one character is probably wrong. Copy the address again.',
    digest: 'Expected 32 bytes: 64 hex digits.',
    psbt: 'Expected a PSBT as base64 or hex.',
    path: 'Expected a path such as m/0/12.',
    hex: 'Expected 0x and an even number of hex digits.',
  },
}

export const blind = {
  title: 'Nobody can see what this is',
  text: 'A raw digest shows nothing of what it stands for. It may be a transaction that takes everything this wallet has, on any network. If somebody gave it to you, do not sign it. Sign only a digest that you have computed yourself.',
  confirm: (phrase: string) => `To go on, type “${phrase}”`,
  phrase: 'I sign blind',
}

export const review = {
  send: (amount: string, currency: string) => `Send ${amount} ${currency}`,
  call: (amount: string, currency: string) => `Call a contract, sending ${amount} ${currency}`,
  deploy: 'Create a contract',
  message: 'Sign a message',
  rawDigest: 'Sign a raw digest',
  network: 'Network',
  chain: (name: string, id: string) => `${name} (chain ${id})`,
  unknownChain: (id: string) => `Unknown network, chain ${id}`,
  to: 'Recipient',
  newContract: 'None: a new contract',
  amount: 'Amount',
  fee: 'Highest network fee',
  feeDetail: (gas: string, price: string, tip: string) => `${gas} gas at ${price} gwei at most, tip up to ${tip} gwei`,
  legacyFee: (gas: string, price: string) => `${gas} gas at ${price} gwei (legacy transaction)`,
  tokenTitles: {
    transfer: 'Send tokens',
    'transfer-from': 'Move tokens or an NFT',
    approve: 'Let somebody spend tokens',
    'raise-allowance': 'Let somebody spend more tokens',
    'approve-all': 'Let somebody manage all tokens',
  },
  token: {
    contract: 'Token contract',
    from: 'From',
    to: 'Token recipient',
    spender: 'Who may spend',
    operator: 'Who may manage all',
    amount: 'Tokens, in their smallest unit, or number of the NFT',
    unlimited: 'Without limit',
    allowed: 'Allowed',
    yes: 'Yes: all tokens of this contract, now and later',
    no: 'No: an earlier permission is taken back',
  },
  nonce: 'Nonce',
  data: 'Data',
  none: 'None',
  accessList: 'Access list',
  accessListCount: (count: number) => `${count} ${count === 1 ? 'address' : 'addresses'}`,
  text: 'Text',
  notText: 'Not readable as text; its bytes',
  hidden: 'It contains characters that are invisible or change the reading direction. They are shown as ‹U+…›.',
  digest: 'Digest that is signed',
  digestOf: (number: number) => `Digest of input ${number}`,
  key: (path: string) => `by the key ${path}`,
  signer: 'Signed by the address',
  unsigned: 'Unsigned transaction',
  wei: (wei: string) => `${wei} wei`,
  warnings: {
    unknownChain: 'Quorate does not know this network. Make sure that the chain ID is the one you mean.',
    deploy: 'There is no recipient: this creates a contract. An amount sent with it goes to that contract.',
    call: 'This calls a contract. What it does is in the data; amounts in tokens are not shown above. Sign only if you trust where the data comes from.',
    unlimited:
      'This lets somebody else spend all tokens of this kind that the wallet has or will ever have, without asking again. Allow only the amount that is needed, unless you trust them entirely.',
    approveAll:
      'This lets somebody else move every token of this contract that the wallet has or will ever have. It is a usual way to steal NFTs.',
    tokenCall:
      'This is how token contracts are called. Make sure that the contract is the token you mean: anybody can make one that does something else.',
    lost: 'Nobody has the key of this recipient: what is sent there is gone for good.',
    tokenToItself: 'The tokens go to the token’s own contract. Tokens that are sent there by mistake are usually lost.',
    fee: 'The network fee may be higher than the amount sent.',
    expensive: 'The network fee may reach 0.1 or more. Check the fee per gas.',
    gas: 'The gas limit is below 21000: the network will reject this transaction.',
    hash: 'The message is 32 bytes long, like the hash of something you cannot see. Sign only if you know of what.',
  },
}

export const signed = {
  title: 'Signed',
  transactionLead:
    'The signature is valid. The transaction is not sent yet: pass the raw transaction on to a node or a block explorer’s broadcast page.',
  messageLead: 'The signature is valid. Pass it on to whoever asked for it.',
  raw: 'Raw signed transaction',
  hash: 'Transaction hash',
  signature: 'Signature (r, s, v)',
  psbt: 'Finalized PSBT',
  parts: 'The signature, part by part',
  input: (number: number, of: number) => `Input ${number} of ${of}`,
  partOf: (part: string, input: number) => `${part} of input ${input}`,
  showQr: 'Show as QR code',
  qr: (name: string) => `QR code: ${name}`,
  again: 'Sign something else',
  toWallet: 'Back to the wallet',
}

export const broadcast = {
  title: 'Send it',
  warning: (host: string) =>
    `This sends the transaction to ${host}, which passes it on to the network. It cannot be taken back. The node sees it and your network address.`,
  send: 'Broadcast',
  sending: 'Asking the node for its chain, then sending …',
  sent: 'Sent',
  sentText:
    'The node has taken it, under the hash shown above. Whether the network includes it shows in a block explorer.',
  refused: 'The node did not take it',
  words: (text: string) => `It says: “${text}”`,
  notSent: 'Not sent',
  otherChain: (id: string) =>
    `The node is of another network, chain ${id}. Choose one of the transaction’s network in the settings.`,
  otherBitcoin: 'The node is of another network than Bitcoin’s main one. Choose one of that in the settings.',
  unreachable: {
    ethereum:
      'The node did not answer, or not as an Ethereum node does. Check its address in the settings, and that it allows this page to ask (CORS).',
    bitcoin:
      'The node did not answer, or not as an Esplora API does. Check its address in the settings, and that it allows this page to ask (CORS).',
  },
  unclear: 'It is not clear whether it was sent',
  unclearText:
    'The node answered nothing that can be relied on after the transaction had gone to it. Look for its hash in a block explorer before you do anything else. Sending the very same transaction again does no harm: it can be included only once.',
  choose: 'Choose a node in the settings to send it from here, or pass it on by other means.',
  toSettings: 'To the settings',
  nodes: 'Nodes for sending',
  nodesText: (origins: string) =>
    `Signed transactions go there when you press “Broadcast”, never by themselves. Allowed here: ${origins}. Empty: none.`,
  ethereumNode: 'Ethereum node',
  ethereumHint: 'Its JSON-RPC address (RPC URL).',
  bitcoinNode: 'Bitcoin node',
  bitcoinHint: 'The address of an Esplora API. It often ends in /api.',
  notAllowed: 'Not an address at one of the nodes that are allowed here.',
  save: 'Save the nodes',
  saved: 'Nodes saved.',
}

export const requests = {
  title: 'Requests',
  none: 'Nothing to decide',
  noneText: 'When somebody you share a wallet with wants to sign something, it appears here.',
  from: (name: string) => `${name} asks`,
  wallet: (name: string) => `With “${name}”`,
  until: (date: Date) => `until ${locale.moment(date)}`,
  look: 'Open the request',
  kinds: {
    'ethereum-transaction': 'A transaction',
    'ethereum-message': 'A message',
    'ethereum-typed-data': 'Typed data',
    'bitcoin-psbt': 'A Bitcoin payment',
    'raw-digest': 'A raw digest that nobody can read',
  },
  lead: (name: string) => `${name} asks you to sign this. Approve it only if you want it too.`,
  approve: 'Approve and sign',
  reject: 'Reject',
  rejected: 'Rejected. Whoever asked is told.',
  gone: 'This request is over, or was answered already.',
}

/** What a form says beside a transaction that does not decode. */
export const content = {
  refused: (field: string, rule: string) => `${field} ${rule}.`,
  rules: {
    'too-long': 'is too long',
    'wrong-type': 'is neither of type 2 (EIP-1559) nor a legacy one',
    'any-chain': 'is bound to no network (EIP-155): it could be sent again on every other',
    'not-rlp': 'is damaged: it is not well-formed RLP',
    'wrong-field-count': 'does not have the right number of fields',
    'already-signed': 'is signed already; paste the unsigned one',
    'not-bytes': 'is a list where a value belongs',
    'not-a-list': 'is a value where a list belongs',
    'leading-zero': 'has a leading zero',
    'too-large': 'is too large',
    'too-small': 'is too small',
    'wrong-length': 'has the wrong length',
    'tip-above-maximum': 'is higher than the highest fee per gas',
    'cost-overflow': 'makes the fee impossibly high',
    'not-a-path': 'is not a path of this wallet',
    'path-not-wanted': 'does not belong to a PSBT, which names its keys itself',
    'not-psbt': 'is not a PSBT of version 0 (BIP-174), or is damaged',
    'not-canonical': 'is written in another way than Quorate writes it',
    'too-many': 'has more parts than Quorate signs at once',
    'spent-twice': 'spends the same coin as another input',
    'not-p2wpkh': 'is not of a native SegWit address (P2WPKH), the only kind Quorate can check and sign',
    'not-ours': 'is not of this wallet; Quorate signs only payments whose coins are all its own',
    'missing-amount': 'does not say what the coin is worth (no witness UTXO)',
    'other-amount':
      'says another amount or address than the transaction that the coin comes from; do not trust whoever made this PSBT',
    'wrong-sighash':
      'asks for a signature that leaves parts of the payment open to change (sighash type other than ALL)',
    'more-than-inputs': 'add up to more than the coins that are spent',
    'not-json': 'is not JSON as EIP-712 has it',
    'repeated-name': 'comes twice',
    'too-deep': 'is nested too deeply',
    'bad-name': 'is not a name that a type or a field can have',
    'unknown-type': 'has a type that is not declared',
    cyclic: 'contains itself',
    'missing-field': 'is missing',
    'unknown-field': 'is not declared',
    'other-signer': 'is not the address that signs',
    'wrong-value': 'does not fit its type',
  } satisfies Record<ContentRule, string>,
}

export const networks = {
  test: (name: string) => `${name} (test network)`,
  local: 'Local development network',
}
