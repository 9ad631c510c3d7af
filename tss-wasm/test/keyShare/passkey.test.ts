import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { addPasskey, resealWallet, sealWallet, unsealWallet, type SealedShare } from '../../keyShare/seal.ts'
import { unwrapShareKey, wrapShareKey, type PasskeySecret, type WrappedShareKey } from '../../keyShare/passkey.ts'
import { readShareFile } from '../../keyShare/shareFile.ts'
import { systemRandom } from '../../random.ts'
import { fixtureWallet } from '../fixtures/sealed/make.ts'
import { refused } from './refused.ts'

const wallet = fixtureWallet(0)
const passphrase = { kind: 'passphrase', passphrase: new TextEncoder().encode('river copper lantern') } as const
const passkey: PasskeySecret = { secret: systemRandom(32), credentialId: systemRandom(20) }
let sealed: SealedShare
let wrapped: WrappedShareKey
before(async () => {
  sealed = await sealWallet(wallet, passphrase, systemRandom)
  wrapped = await addPasskey(sealed, passphrase, passkey, systemRandom)
})

const opening = (change: Partial<PasskeySecret & { wrapped: Uint8Array }> = {}) =>
  ({ kind: 'passkey', ...passkey, wrapped, ...change }) as const

describe('a passkey', () => {
  it('opens the share that it was added to, and so does the passphrase still', async () => {
    assert.deepEqual(await unsealWallet(sealed, opening()), wallet)
    assert.deepEqual(await unsealWallet(sealed, passphrase), wallet)
  })

  it('is not added by a wrong passphrase, nor to a share without one', async () => {
    const wrong = { ...passphrase, passphrase: new TextEncoder().encode('wrong') }
    await assert.rejects(addPasskey(sealed, wrong, passkey, systemRandom), refused(/wrong passphrase/))
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    const withKey = await sealWallet(wallet, { kind: 'key', key }, systemRandom)
    await assert.rejects(addPasskey(withKey, passphrase, passkey, systemRandom), refused(/sealed with a key/))
    await assert.rejects(unsealWallet(withKey, opening()), refused(/sealed with a key/))
  })

  it('opens nothing with another secret or as another credential', async () => {
    for (const change of [{ secret: systemRandom(32) }, { credentialId: systemRandom(20) }])
      await assert.rejects(unsealWallet(sealed, opening(change)), refused(/passkey: does not open this share/))
    await assert.rejects(unsealWallet(sealed, opening({ secret: systemRandom(31) })), refused(/passkey: .* 32 bytes/))
    await assert.rejects(unsealWallet(sealed, opening({ credentialId: new Uint8Array() })), refused(/credential id/))
  })

  it('opens the share for a key that takes its place', async () => {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    const to = { kind: 'key', key } as const
    assert.deepEqual(await unsealWallet(await resealWallet(sealed, opening(), to, systemRandom), to), wallet)
    const wrong = opening({ secret: systemRandom(32) })
    await assert.rejects(resealWallet(sealed, wrong, to, systemRandom), refused(/passkey: does not open this share/))
  })

  it('opens nothing once the passphrase was changed, not even changed to the same one', async () => {
    const resealed = await resealWallet(sealed, passphrase, passphrase, systemRandom)
    await assert.rejects(unsealWallet(resealed, opening()), refused(/passkey: does not open this share/))
  })

  it('is bound to wallet, seat and epoch, by the whole header of the share', async () => {
    const { headerBytes } = readShareFile(sealed)
    const shareKey = await unwrapShareKey(wrapped, headerBytes, passkey)
    for (let at = 0; at < headerBytes.length; at += 1) {
      const other = headerBytes.slice()
      other[at] = (other[at] ?? 0) ^ 1
      await assert.rejects(unwrapShareKey(wrapped, other, passkey), refused(/does not open/))
    }
    // The end of a header cannot pass for the beginning of a credential id.
    const shifted = { ...passkey, credentialId: new Uint8Array([...headerBytes.slice(-1), ...passkey.credentialId]) }
    const shorter = await wrapShareKey(shareKey, headerBytes.slice(0, -1), shifted, systemRandom)
    await assert.rejects(unwrapShareKey(shorter, headerBytes, passkey), refused(/does not open/))
  })

  it('opens nothing when a byte of what is stored is changed, cut off, or too much', async () => {
    for (let at = 0; at < wrapped.length; at += 1) {
      const damaged = wrapped.slice()
      damaged[at] = (damaged[at] ?? 0) ^ 0x40
      await assert.rejects(unsealWallet(sealed, opening({ wrapped: damaged })), refused(/^refused: passkey: /))
    }
    for (const cut of [new Uint8Array(), wrapped.slice(0, 20), wrapped.slice(0, -1), new Uint8Array([...wrapped, 0])])
      await assert.rejects(unsealWallet(sealed, opening({ wrapped: cut })), refused(/passkey: .* damaged/))
  })

  it('is never wrapped twice the same, and shows nothing of the secret', async () => {
    const { headerBytes } = readShareFile(sealed)
    const shareKey = await unwrapShareKey(wrapped, headerBytes, passkey)
    const again = await wrapShareKey(shareKey, headerBytes, passkey, systemRandom)
    assert.notDeepEqual(again, wrapped)
    const text = Buffer.from(wrapped).toString('hex')
    for (const secret of [shareKey, passkey.secret, passphrase.passphrase])
      assert.ok(!text.includes(Buffer.from(secret).toString('hex')))
  })
})
