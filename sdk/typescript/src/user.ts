import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { sameBytes } from '../../../tss-wasm/bytes.ts'
import { ProtocolAbort } from '../../../tss-wasm/failure.ts'
import { mustBeGiven, mustBeVouched } from '../../../tss-wasm/identity/shareHost.ts'
import { writeShareOrder } from '../../../tss-wasm/identity/shareOrder.ts'
import { publicKeyLength, shareKeyLength, userShareMagic, version } from '../../../tss-wasm/identity/userShareHead.ts'
import { BadShare, NotVouched } from './errors.ts'
import type { components } from './generated.ts'

/** What is to be signed; the other parties see it and decide on it. */
export type Content = components['schemas']['Content']
type UserShare = components['schemas']['UserShare']
type UserShareKey = components['schemas']['UserShareKey']

/** Who owns a share: under which name, with which key, and which coordinator's word counts. */
export interface User {
  readonly name: string
  readonly key: UserKey
  /** 64 hex digits: the coordinator's key, as its operator gave it to the user, not to the back-end in between. */
  readonly pin: string
}

const head = concatBytes(userShareMagic, Uint8Array.of(version))

/** An age identity: what a user's shares are encrypted to. It never leaves the user, and nothing prints it. */
export class UserKey {
  readonly #secret: string
  /** age1...: the public half. */
  readonly recipient: string

  private constructor(secret: string, recipient: string) {
    this.#secret = secret
    this.recipient = recipient
  }

  static async generate(): Promise<UserKey> {
    return UserKey.parse(await generateX25519Identity())
  }

  /** @param secret AGE-SECRET-KEY-1..., as age-keygen or `secret()` give it @throws Error when it is none */
  static async parse(secret: string): Promise<UserKey> {
    return new UserKey(secret, await identityToRecipient(secret))
  }

  /** To be stored where only the user reads. Whoever has it and the share's file signs for the user. */
  secret(): string {
    return this.#secret
  }

  /**
   * The share of this wallet in the clear, for whoever sends it and overwrites it then.
   * @param publicKey of the wallet, compressed, in hex @throws BadShare
   */
  async open(file: string, publicKey: string): Promise<Uint8Array> {
    const decrypter = new Decrypter()
    decrypter.addIdentity(this.#secret)
    const plain = await decrypter.decrypt(armorDecoded(file)).catch(() => {
      throw new BadShare('the file is damaged, or encrypted to another key')
    })
    const start = head.length + shareKeyLength
    const isShare = sameBytes(plain.subarray(0, head.length), head)
    if (isShare && bytesToHex(plain.subarray(start, start + publicKeyLength)) === publicKey) return plain
    plain.fill(0)
    throw new BadShare('the file holds no share of this wallet')
  }
}

/** @throws NotVouched: the wallet must not be confirmed */
export async function checkShare(share: UserShare, { key, pin }: User): Promise<void> {
  const given = {
    session: hexToBytes(share.session_id),
    publicKey: hexToBytes(share.public_key),
    recipient: key.recipient,
    file: share.user_share,
  }
  await vouched(() => mustBeGiven(given, hexToBytes(share.host_signature), hexToBytes(pin)))
}

/** @throws NotVouched: nothing may be encrypted to this key */
export async function checkKey(key: UserShareKey, { pin }: User): Promise<void> {
  const called = { keyId: hexToBytes(key.key_id), recipient: key.recipient, expiresAtMs: key.expires_at_ms }
  await vouched(() => mustBeVouched(called, hexToBytes(key.host_signature), hexToBytes(pin), Date.now()))
}

/**
 * The share, good for signing `content` in this session and for nothing else, encrypted to a key that has been checked.
 * @param plain of `UserKey.open`; overwritten
 */
export async function sealedOrder(
  plain: Uint8Array,
  { sessionId, publicKey, epoch, content }: { sessionId: string; publicKey: string; epoch: number; content: Content },
  to: UserShareKey,
): Promise<string> {
  const wanted =
    content.type === 'ethereum-message'
      ? { type: content.type, message: fromBase64(content.message) }
      : { type: content.type, unsigned: fromBase64(content.unsigned) }
  const proposal = { kind: 'sign', publicKey: hexToBytes(publicKey), epoch, content: wanted } as const
  const order = writeShareOrder({ session: hexToBytes(sessionId), proposal }, plain)
  plain.fill(0)
  const encrypter = new Encrypter()
  encrypter.addRecipient(to.recipient)
  const file = await encrypter.encrypt(order).finally(() => order.fill(0))
  return armor.encode(file)
}

async function vouched(check: () => Promise<void>): Promise<void> {
  try {
    await check()
  } catch (error) {
    throw error instanceof ProtocolAbort ? new NotVouched(error.message) : error
  }
}

function armorDecoded(file: string): Uint8Array {
  try {
    return armor.decode(file)
  } catch {
    throw new BadShare('the file is damaged')
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}
