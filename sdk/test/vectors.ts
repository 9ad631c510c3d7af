import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { writeShareOrder } from '../../tss-wasm/identity/shareOrder.ts'

/**
 * What the user's side of every SDK has to write and to check, byte for byte. The orders are written by the coordinator's own code;
 * the host signatures by another library, over what docs/OPERATIONS.md says they are over.
 */
export function vectors(): object {
  const bytes = (length: number, value: number) => new Uint8Array(length).fill(value)
  const [session, publicKey, secret] = [bytes(16, 0xa1), concatBytes(Uint8Array.of(2), bytes(32, 0x5c)), bytes(32, 7)]
  const plain = concatBytes(utf8ToBytes('quorate-user-share\0\x01'), bytes(32, 9), publicKey, utf8ToBytes('the rest'))
  const contents = [
    { epoch: 0, content: { type: 'ethereum-message', message: utf8ToBytes('ten pints of “milk” <&>') } },
    { epoch: 0, content: { type: 'ethereum-message', message: new Uint8Array() } },
    { epoch: 0, content: { type: 'ethereum-transaction', unsigned: unsignedTransfer } },
    { epoch: 3, content: { type: 'ethereum-message', message: utf8ToBytes('of new shares') } },
  ] as const
  const base64 = (of: Uint8Array) => Buffer.from(of).toString('base64')
  const orders = contents.map(({ epoch, content }) => ({
    epoch,
    content:
      content.type === 'ethereum-message'
        ? { type: content.type, message: base64(content.message) }
        : { type: content.type, unsigned: base64(content.unsigned) },
    order: bytesToHex(writeShareOrder({ session, proposal: { kind: 'sign', publicKey, epoch, content } }, plain)),
  }))
  const recipient = `age1${'q'.repeat(58)}`
  const signed = (domain: string, ...parts: Uint8Array[]) =>
    bytesToHex(ed25519.sign(concatBytes(utf8ToBytes(`quorate/${domain}/1\0`), ...parts), secret))
  const keyId = bytes(16, 0x3d)
  const file = '-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n-----END AGE ENCRYPTED FILE-----\n'
  return {
    session: bytesToHex(session),
    publicKey: bytesToHex(publicKey),
    share: bytesToHex(plain),
    orders,
    pin: bytesToHex(ed25519.getPublicKey(secret)),
    callKey: {
      key_id: bytesToHex(keyId),
      recipient,
      expires_at_ms: expiresAtMs,
      host_signature: signed(
        'call-key',
        keyId,
        number(expiresAtMs / 1000),
        number(expiresAtMs % 1000),
        utf8ToBytes(recipient),
      ),
    },
    givenShare: {
      session_id: bytesToHex(session),
      seat: 1,
      wallet_id: '00'.repeat(16),
      public_key: bytesToHex(publicKey),
      user_share: file,
      confirmation: '00',
      host_signature: signed(
        'given-share',
        session,
        publicKey,
        sha256(utf8ToBytes(recipient)),
        sha256(utf8ToBytes(file)),
      ),
    },
  }
}

const expiresAtMs = 1_900_000_000_123

/** EIP-1559: chain 1, nonce 3, 1 wei to 0x3535...35. */
const unsignedTransfer = hexToBytes(`02e30103010282520894${'35'.repeat(20)}0180c0`)

function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
