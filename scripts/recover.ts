import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Point } from '../tss-wasm/curve/point.ts'
import { generator, multiplySecret } from '../tss-wasm/curve/point.ts'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import { bitcoinAddress } from '../tss-wasm/content/bitcoin.ts'
import { extendedPrivateKey } from '../tss-wasm/content/extendedKey.ts'
import { ProtocolAbort, refused } from '../tss-wasm/failure.ts'
import { ageIdentity } from '../tss-wasm/guardians/ageKey.ts'
import { joinPieces, PieceError } from '../tss-wasm/guardians/slip39.ts'
import { integerToFixedBytes } from '../tss-wasm/integers/bytes.ts'
import { loadKernel } from '../tss-wasm/integers/load.node.ts'
import { wasmArithmetic } from '../tss-wasm/integers/wasm.ts'
import { isForGuardians } from '../tss-wasm/keyShare/ageFile.ts'
import { readBackup } from '../tss-wasm/keyShare/backup.ts'
import type { BareShare } from '../tss-wasm/keyShare/keyShare.ts'
import { recoverKey } from '../tss-wasm/keyShare/recoverKey.ts'
import { parseBareShares } from '../tss-wasm/keyShare/saveData.ts'
import { type FoundShare, type ShareSet, sortShares } from '../tss-wasm/keyShare/sortShares.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { failureText } from '../web/app/ceremony/failureTexts.ts'
import { en } from '../web/app/texts/en.ts'
import { pieceFault } from '../web/app/backup/pieceFault.ts'
import { openConsole, type Console } from './recoverConsole.ts'

const usage = `Puts the private key of a wallet together from the shares of as many parties as sign.

  npm run recover -- [options] BACKUP.age BACKUP.age ...
  npm run recover -- --threshold T SHARE.json SHARE.json ...   shares of tss-lib; T sign together

Give all that you find, old ones too. They are sorted by wallet and by how often its shares were renewed, and you are told
which set is complete: only shares of one set can be put together.

A backup that was sealed for guardians asks for their pieces instead of a passphrase.

Shares of tss-lib may be of version 1, lack their pre-parameters, or stand in a wrapper of another program.

  --address 0x...  the wallet's address: the key is shown only if it is this one. Where a file holds shares of several
                   keys, or does not say whose its share is, this says which one you mean
  --out FILE       write the key to a new file that only you can read, and not to the screen
  --unattended     no terminal: passphrases and the sentence are lines of standard input, in this order

Two keys come out. The private key is that of the main address, Ethereum and Bitcoin. The extended key (xprv, BIP-32) opens
the others too: more receiving addresses at m/0/0, m/0/1 and so on, Bitcoin change at m/1/0 and so on, native SegWit. Bitcoin
Core takes it as the descriptors wpkh(xprv.../0/*) and wpkh(xprv.../1/*).

The whole key exists from then on, in one place. Do this on a computer without a network that you can erase afterwards,
when too few parties are left to sign, and move the money to a new wallet at once.
`
const sentence = 'I take the whole key into one place'

class Stop extends Error {}

async function recover(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      threshold: { type: 'string' },
      address: { type: 'string' },
      out: { type: 'string' },
      unattended: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true || positionals.length === 0) throw new Stop(usage)
  if (values.unattended !== true && !(process.stdin.isTTY && process.stdout.isTTY)) {
    throw new Stop(
      'This is no terminal. A key is put together by a person who reads what is asked, or with --unattended.\n',
    )
  }
  using terminal = openConsole({ isHidden: values.unattended !== true })
  const isWanted = (publicKey: Point) =>
    ethereumAddress(publicKey.toBytes(true)).toLowerCase() === values.address?.toLowerCase()
  const found: Found[] = []
  for (const file of positionals) {
    const one = await readShare(file, values.threshold, isWanted, terminal)
    found.push(one)
    const { share } = one
    terminal.say(`${file}: share ${share.index + 1} of ${share.parties.length}${ofEpoch(one)}, checked`)
  }
  const chosen = chosenSet(sortShares(found), values.address === undefined ? undefined : isWanted, terminal)
  const shares = chosen.map(({ share }) => share)
  const key = recoverKey(shares, values.address === undefined ? undefined : isWanted)
  const publicKey = multiplySecret(generator, key.reveal()).toBytes(true)
  const address = ethereumAddress(publicKey)
  terminal.say(`\nThe wallet of these shares:\n  Ethereum ${address}\n  Bitcoin  ${bitcoinAddress(publicKey)}\n`)
  if (values.address !== undefined && values.address.toLowerCase() !== address.toLowerCase())
    throw new Stop(`It is not ${values.address}. Nothing was shown or written.\n`)
  terminal.say('Whoever sees the key can take everything, now and for ever. Is the network off? Is this your wallet?')
  if ((await terminal.ask(`To go on, type: ${sentence}\n`)) !== sentence)
    throw new Stop('Not typed. Nothing was shown or written.\n')
  const secret = integerToFixedBytes(key.reveal(), 32)
  key.erase()
  await handOver(`0x${bytesToHex(secret)}`, extendedPrivateKey(publicKey, secret), values.out, terminal)
  secret.fill(0)
}

type IsWanted = (publicKey: Point) => boolean

interface Found extends FoundShare {
  readonly file: string
}

function ofEpoch({ epoch }: Pick<Found, 'epoch'>): string {
  if (epoch === undefined) return ''
  return epoch === 0 ? ', never renewed' : `, renewed as number ${epoch}`
}

/**
 * The set that gives the key. Shares of different wallets, or of one wallet before and after its shares were renewed, cannot be
 * put together, and a person who looks for old backups finds some of each.
 * @param isWanted by the address that was given
 * @throws Stop where no set is complete, or several wallets' are and no address says which
 */
function chosenSet(
  sets: readonly ShareSet<Found>[],
  isWanted: IsWanted | undefined,
  terminal: Console,
): readonly Found[] {
  if (sets.length > 1)
    terminal.say(`\nThese shares are of ${sets.length} different sets:\n${sets.map(described).join('\n')}`)
  const complete = sets.filter(({ missing }) => missing === 0)
  const ofWallet = complete.filter(({ found: [first] }) => {
    const publicKey = first?.share.publicKey
    return isWanted === undefined || publicKey === undefined || isWanted(publicKey)
  })
  const [best, ...others] = ofWallet.length > 0 ? ofWallet : complete
  if (best === undefined)
    throw new Stop(
      sets.length === 1
        ? `${described(sets[0] ?? { epoch: undefined, found: [], missing: 0, isOutdated: false })}\n`
        : 'None of these sets is complete. Shares of different sets cannot be put together.\n',
    )
  const address = addressOf(best)
  if (others.some((other) => addressOf(other) !== address))
    throw new Stop('More than one wallet is complete: give --address to say which one you mean.\n')
  if (best.isOutdated)
    terminal.say(
      '\nTake care: the shares of this wallet were renewed after these. They still give the whole key, which is why they should\n' +
        'have been destroyed. If the new shares work, sign with those instead.',
    )
  return best.found
}

function described(set: ShareSet<Found>): string {
  const { found, missing } = set
  const [first] = found
  const seats = found.map(({ share, file }) => `${share.index + 1} (${file})`).join(', ')
  const state = missing === 0 ? 'complete' : `${missing} more needed of ${first?.share.threshold}`
  return `  ${addressOf(set)}${ofEpoch(set)}: ${state}. Shares ${seats}`
}

function addressOf({ found: [first] }: ShareSet<Found>): string {
  return first === undefined ? 'unknown wallet' : addressesOf([first.share])
}

async function readShare(
  file: string,
  threshold: string | undefined,
  isWanted: IsWanted,
  terminal: Console,
): Promise<Found> {
  const content = new Uint8Array(await readFile(file))
  if (isBackup(content)) return readBackedUp(file, content, terminal)
  if (threshold === undefined) throw new Stop(`${file} does not say how many sign: give --threshold.\n`)
  try {
    const [share, ...more] = parseBareShares(content, Number(threshold))
    const all = share === undefined ? [] : [share, ...more]
    const chosen =
      all.length === 1 ? all : all.filter(({ publicKey }) => publicKey === undefined || isWanted(publicKey))
    const [only] = chosen
    if (only === undefined || chosen.length > 1) throw refused('share-file-several', addressesOf(all))
    return { file, share: only, epoch: undefined }
  } catch (error) {
    throw error instanceof ProtocolAbort ? new Stop(`${file}: ${inWords(error)}`) : error
  }
}

function addressesOf(shares: readonly BareShare[]): string {
  return shares.map(({ publicKey }) => (publicKey ? ethereumAddress(publicKey.toBytes(true)) : 'unknown')).join(', ')
}

function isBackup(content: Uint8Array): boolean {
  return /^\s*(age-encryption\.org|-----BEGIN AGE)/.test(new TextDecoder('latin1').decode(content.subarray(0, 128)))
}

async function readBackedUp(file: string, content: Uint8Array, terminal: Console): Promise<Found> {
  const tools = { arithmetic: wasmArithmetic(await loadKernel()), random: systemRandom }
  const passphrase = isForGuardians(content)
    ? await keyOfGuardians(file, terminal)
    : new TextEncoder().encode((await terminal.askHidden(`Passphrase of ${file}: `)).normalize('NFC'))
  try {
    const { share, epoch } = (await readBackup(content, passphrase, tools)).wallet
    return { file, share, epoch }
  } finally {
    passphrase.fill(0)
  }
}

/** Asks for one piece after the other, until there are enough. @throws Stop saying what is wrong with the last one */
async function keyOfGuardians(file: string, terminal: Console): Promise<Uint8Array> {
  terminal.say(`${file} opens with the pieces of guardians, each 33 words on one line.`)
  const pieces: string[] = []
  for (;;) {
    pieces.push(await terminal.askHidden(`Piece ${pieces.length + 1}: `))
    try {
      const key = joinPieces(pieces)
      const text = new TextEncoder().encode(ageIdentity(key))
      key.fill(0)
      return text
    } catch (error) {
      if (!(error instanceof PieceError)) throw error
      if (error.fault.kind !== 'too-few') throw new Stop(`${file}: ${pieceFault(error.fault, en.guardians)}\n`)
    }
  }
}

/** As the app says it, and the details that the app shows below. */
function inWords({ failure, message }: ProtocolAbort): string {
  const { title, what, now } = failureText(failure, { kind: 'other', parties: (seats) => seats.join(', ') }, en)
  return `${title}. ${what}\n${now}\n(${message})\n`
}

async function handOver(key: string, extended: string, out: string | undefined, terminal: Console): Promise<void> {
  if (out === undefined) {
    terminal.say(`\nPrivate key: ${key}\nExtended key, for all addresses: ${extended}\n`)
    return
  }
  await writeFile(out, `${key}\n${extended}\n`, { flag: 'wx', mode: 0o600, flush: true }) // a new file, or none
  terminal.say(`Written to ${out}, readable by you only. Move the money, then erase this computer.`)
}

try {
  await recover()
} catch (error) {
  const told = error instanceof Stop || error instanceof ProtocolAbort || (error instanceof Error && 'code' in error)
  if (!told) throw error
  process.stderr.write(error instanceof ProtocolAbort ? inWords(error) : `${error.message.trimEnd()}\n`)
  process.exitCode = 1
}
