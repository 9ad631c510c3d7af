import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { suite, test } from 'node:test'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { bitcoinAddress } from '../../content/bitcoin.ts'
import { bitcoinMessageDigest, messageTransactionId } from '../../content/bitcoinMessage.ts'
import type { BitcoinMessageContent } from '../../content/content.ts'
import { longestMessage } from '../../content/longestMessage.ts'
import { ContentRefused } from '../../content/refused.ts'
import { assembleOrder, signingTasks } from '../../content/signing.ts'
import { keyHash } from '../../content/keys.ts'
import { bitcoinDigest, bitcoinMessageHash } from './bitcoinNode.ts'
import { signedBy } from './payments.ts'

// BIP-322, "Test vectors": the key L3VFeEuj…, its address, and of two messages the id of to_spend and the signatures.
const secretKey = hexToBytes('bb051cd0dda0246f33c5a9e133ebd8e7bc02a92af6c41adc131ccd7826c5b004')
const publicKey = secp256k1.getPublicKey(secretKey)
const published = [
  {
    message: '',
    toSpend: 'c5680aa69bb8d860bf82d4e9cd3504b55dde018de765a91bb566283c545a99a7',
    signature:
      'AkcwRAIgM2gBAQqvZX15ZiysmKmQpDrG83avLIT492QBzLnQIxYCIBaTpOaD20qRlEylyxFSeEA2ba9YOixpX8z46TSDtS40ASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=',
  },
  {
    message: 'Hello World',
    toSpend: 'b79d196740ad5217771c1098fc4a4b51e0535c32236c71f1ea4d61a2d603352b',
    signature:
      'AkcwRAIgZRfIY3p7/DoVTty6YZbWS71bc5Vct9p9Fia83eRmw2QCICK/ENGfwLtptFluMGs2KsqoNSk89pO7F29zJLUx9a/sASECx/EgAxlkQpQ9hYjgGu6EBCPMVPwVIVJqO4XCsMvViHI=',
  },
] as const

const contentOf = (message: string, format: BitcoinMessageContent['format'] = 'bip322') =>
  ({ type: 'bitcoin-message', message: utf8ToBytes(message), format }) as const

function signed(content: BitcoinMessageContent): string {
  const order = { publicKey, content }
  return assembleOrder(order, signedBy(secretKey, signingTasks(order))).result
}

suite('a Bitcoin message', () => {
  test('by BIP-322 has the published address and transaction, and its published signatures verify', () => {
    assert.equal(bitcoinAddress(publicKey), 'bc1q9vza2e8x573nczrlzms0wvx3gsqjx7vavgkx0l')
    for (const { message, toSpend, signature } of published) {
      const content = contentOf(message)
      assert.equal(bytesToHex(messageTransactionId(content.message, publicKey).toReversed()), toSpend)
      const witness = Buffer.from(signature, 'base64')
      const der = witness.subarray(2, 2 + (witness[1] ?? 0) - 1)
      assert.ok(
        secp256k1.verify(der, bitcoinMessageDigest(content, publicKey), publicKey, { prehash: false, format: 'der' }),
      )
    }
  })

  test('by BIP-322 is signed with the witness that verifiers take, bound to text and address', () => {
    const content = contentOf('Hello World')
    const witness = Buffer.from(signed(content), 'base64')
    const length = witness[1] ?? 0
    assert.deepEqual([witness[0], witness[1 + length], witness[2 + length]], [2, 1, 33])
    assert.deepEqual(new Uint8Array(witness.subarray(3 + length)), publicKey)
    const der = witness.subarray(2, 1 + length)
    const verifies = (other: BitcoinMessageContent, key = publicKey) =>
      secp256k1.verify(der, bitcoinMessageDigest(other, key), publicKey, { prehash: false, format: 'der' })
    assert.ok(verifies(content))
    assert.ok(!verifies(contentOf('Hello World ')))
    assert.ok(!verifies(content, secp256k1.getPublicKey(new Uint8Array(32).fill(9))))
  })

  test('by BIP-322 has the digest of to_sign, by another implementation', () => {
    for (const message of ['', 'Hello World', 'x'.repeat(70_000)]) {
      const content = contentOf(message)
      const spent = bytesToHex(messageTransactionId(content.message, publicKey))
      // BIP-322, "Full": version 0, one input with sequence 0, one output of nothing to OP_RETURN, lock time 0.
      const toSign = `0000000001${spent}00000000000000000001${'00'.repeat(8)}016a00000000`
      const digest = bitcoinDigest(toSign, 0, keyHash(publicKey), 0n)
      assert.deepEqual(bitcoinMessageDigest(content, publicKey), digest)
    }
  })

  test('by BIP-137 has a header from which its key is recovered', () => {
    for (const message of ['', 'Hello World', 'grüezi 世界', 'x'.repeat(300), 'y'.repeat(70_000)]) {
      const content = contentOf(message, 'bip137')
      const signature = Buffer.from(signed(content), 'base64')
      assert.equal(signature.length, 65)
      const recovery = (signature[0] ?? 0) - 39
      assert.ok(recovery === 0 || recovery === 1)
      const text = Buffer.from(message)
      const length =
        text.length < 0xfd
          ? Buffer.of(text.length)
          : text.length < 0x10000
            ? Buffer.of(0xfd, text.length & 255, text.length >> 8)
            : Buffer.of(0xfe, text.length & 255, (text.length >> 8) & 255, text.length >> 16, 0)
      const hash = (data: Uint8Array) => createHash('sha256').update(data).digest()
      const digest = hash(hash(Buffer.concat([Buffer.from('\x18Bitcoin Signed Message:\n'), length, text])))
      assert.deepEqual(new Uint8Array(digest), bitcoinMessageHash(message), 'as another implementation has it')
      const recovered = secp256k1.Signature.fromBytes(signature.subarray(1))
        .addRecoveryBit(recovery)
        .recoverPublicKey(digest)
      assert.deepEqual(recovered.toBytes(true), publicKey)
    }
  })

  test('is signed by the address of its path, and refused where it is too long', () => {
    const order = { publicKey, path: [0, 3], content: contentOf('mine') }
    const [task] = signingTasks(order)
    assert.deepEqual(task?.key.path, [0, 3])
    assert.deepEqual(task.digest, bitcoinMessageDigest(order.content, task.key.publicKey))
    assert.throws(() => bitcoinMessageDigest(contentOf('x'.repeat(longestMessage + 1)), publicKey), ContentRefused)
  })
})
