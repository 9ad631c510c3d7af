import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { armor, Encrypter } from 'age-encryption'
import { loadKernel } from '../../integers/load.node.ts'
import { wasmArithmetic } from '../../integers/wasm.ts'
import { ageIdentity, ageRecipient, newAgeKey } from '../../guardians/ageKey.ts'
import { isForGuardians } from '../../keyShare/ageFile.ts'
import { readBackup, writeBackup, writeBackupFor, type Backup } from '../../keyShare/backup.ts'
import type { Wallet } from '../../keyShare/wallet.ts'
import { systemRandom } from '../../random.ts'
import { Secret } from '../../secret.ts'
import { fixtureWallet } from '../fixtures/sealed/make.ts'
import { refused } from './refused.ts'
import { ageMissing, stockAge } from './stockAge.ts'

const tools = { arithmetic: wasmArithmetic(await loadKernel()), random: systemRandom }
const words = 'correct horse battery stäple'
const passphrase = () => utf8ToBytes(words)
const quick = 2
const seatKey = (fill: number) => new Secret<Uint8Array>(new Uint8Array(32).fill(fill))
const wallet: Wallet = { ...fixtureWallet(2), identity: { signing: seatKey(7), encryption: seatKey(8) } }
const labels = [
  { label: 'Ana' },
  { label: 'Ben “B.”' },
  { label: 'Ich' },
  { label: '' },
  { label: 's', serverParty: 's' },
]
const backup: Backup = { madeAtMs: 1_790_000_000_123, labels, wallet }
const file = await writeBackup(backup, passphrase(), quick)

const place = await mkdtemp(join(tmpdir(), 'quorate-backup-'))
after(() => rm(place, { recursive: true, force: true }))

function sameBackup(read: Backup): void {
  assert.deepEqual(read, backup)
  // Secrets are equal by class only.
  assert.equal(read.wallet.share.secret.reveal(), wallet.share.secret.reveal())
  assert.deepEqual(read.wallet.identity?.signing.reveal(), wallet.identity?.signing.reveal())
  assert.deepEqual(read.wallet.identity?.encryption.reveal(), wallet.identity?.encryption.reveal())
}

async function encrypted(text: string): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(quick)
  encrypter.setPassphrase(words)
  return encrypter.encrypt(text)
}

describe('a backup', () => {
  it('comes back whole, armored or not', async () => {
    sameBackup(await readBackup(file, passphrase(), tools))
    const text = new TextDecoder().decode(file)
    sameBackup(await readBackup(armor.decode(text), passphrase(), tools))
    sameBackup(await readBackup(utf8ToBytes(`\r\n${text.replaceAll('\n', '\r\n')} \n`), passphrase(), tools))
  })

  it(
    'opens with the stock age program by the normal form of a passphrase, and not by its decomposed one',
    { skip: ageMissing },
    async () => {
      const typed = 'correct horse battery sta\u0308ple'
      assert.notEqual(typed, words)
      const path = join(place, 'decomposed.age')
      await writeFile(path, file)
      assert.notEqual((await stockAge(typed, '-d', '-o', `${path}.out`, path)).code, 0)
      assert.equal((await stockAge(typed.normalize('NFC'), '-d', '-o', `${path}.out`, path)).code, 0)
    },
  )

  it(
    'opens with the stock age, and what the stock age encrypts opens here',
    { skip: ageMissing ?? false },
    async () => {
      const [ours, plain, theirs] = ['ours.age', 'plain.json', 'theirs.age'].map((name) => join(place, name)) as [
        string,
        string,
        string,
      ]
      await writeFile(ours, await writeBackup(backup, passphrase())) // with the full work factor
      const opened = await stockAge(words, '--decrypt', '--output', plain, ours)
      assert.equal(opened.code, 0, opened.output)
      const document = JSON.parse(await readFile(plain, 'utf8')) as { quorateBackup: number; wallet: { name: string } }
      assert.deepEqual([document.quorateBackup, document.wallet.name], [1, wallet.name])
      const sealed = await stockAge(words, '--passphrase', '--output', theirs, plain)
      assert.equal(sealed.code, 0, sealed.output)
      sameBackup(await readBackup(await readFile(theirs), passphrase(), tools))
    },
  )

  it('that is sealed for guardians opens with their key, here and in the stock age, and with nothing else', async () => {
    const key = newAgeKey(systemRandom)
    const opening = utf8ToBytes(ageIdentity(key))
    const sealed = await writeBackupFor(backup, await ageRecipient(key))
    assert.deepEqual([isForGuardians(sealed), isForGuardians(file)], [true, false])
    sameBackup(await readBackup(sealed, opening.slice(), tools))
    const other = utf8ToBytes(ageIdentity(newAgeKey(systemRandom)))
    await assert.rejects(readBackup(sealed, other, tools), refused(/backup-passphrase/))
    await assert.rejects(readBackup(sealed, passphrase(), tools), refused(/sealed for guardians/))
    await assert.rejects(readBackup(sealed.subarray(0, -100), opening.slice(), tools), refused(/damaged or cut short/))
    if (ageMissing !== undefined) return
    const [theirs, keyFile, plain] = ['guardians.age', 'key.txt', 'guardians.json'].map((name) => join(place, name))
    assert.ok(theirs && keyFile && plain)
    await writeFile(theirs, sealed)
    await writeFile(keyFile, opening)
    const opened = await stockAge('', '--decrypt', '--identity', keyFile, '--output', plain, theirs)
    assert.equal(opened.code, 0, opened.output)
    assert.equal((JSON.parse(await readFile(plain, 'utf8')) as { quorateBackup: number }).quorateBackup, 1)
  })

  it('shows nothing of what it holds', () => {
    const text = new TextDecoder().decode(file)
    for (const word of ['Ersparnisse', 'ShareID', '"Ana"', '1790000000123']) assert.ok(!text.includes(word))
  })

  it('does not open with another passphrase', async () => {
    await assert.rejects(readBackup(file, utf8ToBytes('wrong'), tools), refused(/backup-passphrase: wrong passphrase/))
    await assert.rejects(
      readBackup(file, new Uint8Array(), tools),
      refused(/backup-passphrase: wrong passphrase: it is empty/),
    )
  })

  it('is refused wherever it is cut or changed', async () => {
    const binary = armor.decode(new TextDecoder().decode(file))
    const step = 397
    for (let cut = 0; cut < binary.length; cut += step) {
      await assert.rejects(readBackup(binary.subarray(0, cut), passphrase(), tools), refused(/backup-/))
    }
    // Of the header every byte, of the payload every so many.
    const places = [...Array(200).keys(), ...Array.from({ length: 60 }, (_, i) => 200 + i * 389)]
    for (const at of places.filter((index) => index < binary.length)) {
      const flipped = binary.slice()
      flipped[at] = (flipped[at] ?? 0) ^ 1
      await assert.rejects(readBackup(flipped, passphrase(), tools), refused(/backup-/), `byte ${at}`)
    }
    for (const end of [2, 35, 100, 5000]) {
      await assert.rejects(readBackup(file.subarray(0, -end), passphrase(), tools), refused(/damaged or cut short/))
    }
    const lastFirst = concat(binary.subarray(200), binary.subarray(0, 200))
    await assert.rejects(readBackup(lastFirst, passphrase(), tools), refused(/not an age file/))
  })

  it('is told from other files, before any work is done', async () => {
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(), /not an age file/],
      [utf8ToBytes('{"Xi": 1}'), /not an age file/],
      [utf8ToBytes('age-encryption.org/v1\n-> X25519 abc\nabc\n--- abc\n'), /not encrypted with a passphrase/],
      [utf8ToBytes('age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 25\nabc\n--- abc\n'), /more memory/],
      [new Uint8Array(1024 * 1024 + 1), /longer than any backup/],
      [await encrypted('good morning'), /not of a form/],
      [await encrypted('{"quorateBackup":2}'), /not of a form/],
      [await encrypted('{"quorateBackup":1,"madeAtMs":1,"seats":[],"wallet":5}'), /not well formed: wallet/],
    ]
    for (const [bytes, check] of cases) await assert.rejects(readBackup(bytes, passphrase(), tools), refused(check))
  })

  it('is refused when the share in it fails a check, though it opens', async () => {
    const share = { ...wallet.share, secret: new Secret(wallet.share.secret.reveal() + 1n) }
    const forged = await writeBackup({ ...backup, wallet: { ...wallet, share } }, passphrase(), quick)
    await assert.rejects(readBackup(forged, passphrase(), tools), refused(/secret share belongs to its public share/))
  })
})

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
