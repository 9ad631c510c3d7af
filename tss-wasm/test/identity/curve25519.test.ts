import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { sameBytes } from '../../bytes.ts'
import { type Curve, generatePair, importPrivate, pairOf } from '../../identity/curve25519.ts'
import { createIdentity, sealIdentity, unsealIdentity } from '../../identity/identity.ts'
import { systemRandom } from '../../random.ts'

/** Where RFC 8410's PKCS #8 has the first byte of the key. */
const first = 16

function secretThatBeginsWithZero(): Uint8Array<ArrayBuffer> {
  const secret = systemRandom(32)
  secret[0] = 0
  return secret
}

/** What WebKitGTK 2.50.6 does: engines/test/keys.test.ts asks it itself. */
function asWebKit(context: TestContext): void {
  const importKey = crypto.subtle.importKey.bind(crypto.subtle)
  const refusing = (...args: Parameters<typeof importKey>) => {
    const [format, data] = args
    if (format === 'pkcs8' && (data as unknown as Uint8Array)[first] === 0)
      return Promise.reject(new DOMException('Data provided to an operation does not meet requirements', 'DataError'))
    return importKey(...args)
  }
  context.mock.method(crypto.subtle, 'importKey', refusing as typeof importKey)
}

const publicOf: Readonly<Record<Curve, (secret: Uint8Array) => Uint8Array>> = {
  Ed25519: (secret) => ed25519.getPublicKey(secret),
  X25519: (secret) => x25519.getPublicKey(secret),
}

describe('an engine that refuses keys which begin with a zero byte', () => {
  for (const curve of ['Ed25519', 'X25519'] as const) {
    it(`has the pair of such a key of ${curve} all the same`, async (context) => {
      asWebKit(context)
      const secret = secretThatBeginsWithZero()
      const { publicKey } = await pairOf(curve, secret, false)
      assert.deepEqual(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)), publicOf[curve](secret))
      assert.equal(secret[0], 0, 'the caller’s bytes are its own')
    })
  }

  it('signs with it as anybody would', async (context) => {
    asWebKit(context)
    const seed = secretThatBeginsWithZero()
    const key = await importPrivate('Ed25519', seed, false)
    const message = systemRandom(40)
    const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', key, message))
    assert.deepEqual(signature, ed25519.sign(message, seed))
  })

  it('agrees on the same secret with it', async (context) => {
    asWebKit(context)
    const [mine, theirs] = [secretThatBeginsWithZero(), systemRandom(32)]
    const key = await importPrivate('X25519', mine, false)
    const other = await crypto.subtle.importKey('raw', new Uint8Array(publicOf.X25519(theirs)), 'X25519', false, [])
    const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: 'X25519', public: other }, key, 256))
    assert.deepEqual(shared, x25519.getSharedSecret(theirs, publicOf.X25519(mine)))
  })

  it('opens an identity that another engine has sealed', async (context) => {
    const key = await crypto.subtle.importKey('raw', systemRandom(32), 'AES-GCM', false, ['encrypt', 'decrypt'])
    const made = await createIdentity({ extractable: true })
    const identity = {
      ...made,
      signing: await pairOf('Ed25519', secretThatBeginsWithZero(), true),
      encryption: await pairOf('X25519', secretThatBeginsWithZero(), true),
    }
    const sealed = await sealIdentity(identity, key, systemRandom)
    asWebKit(context)
    assert.ok(sameBytes((await unsealIdentity(sealed, key)).public.signingKey, made.public.signingKey))
  })

  it('makes another key where its generator has failed, and gives up where there is no such curve', async (context) => {
    const generateKey = crypto.subtle.generateKey.bind(crypto.subtle)
    const failures = [new DOMException('', 'OperationError'), new DOMException('', 'NotSupportedError')]
    const failing = (...args: Parameters<typeof generateKey>) => {
      const failure = failures.shift()
      return failure === undefined ? generateKey(...args) : Promise.reject(failure)
    }
    context.mock.method(crypto.subtle, 'generateKey', failing as typeof generateKey)
    await assert.rejects(generatePair('X25519', false), { name: 'NotSupportedError' })
    failures.push(new DOMException('', 'OperationError'))
    assert.equal((await generatePair('X25519', false)).privateKey.type, 'private')
  })
})
