import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { HDKey, privateKeyToAddress } from 'viem/accounts'
import { keyAt } from '../tss-wasm/content/keys.ts'
import { ethereumAddress } from '../tss-wasm/content/ethereum.ts'
import { ageRecipient, newAgeKey } from '../tss-wasm/guardians/ageKey.ts'
import { splitSecret } from '../tss-wasm/guardians/slip39.ts'
import { writeBackup, writeBackupFor } from '../tss-wasm/keyShare/backup.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { recoverKey } from '../tss-wasm/keyShare/recoverKey.ts'
import { fixtureWallet } from '../tss-wasm/test/fixtures/sealed/make.ts'
import type { KeyShare } from '../tss-wasm/keyShare/keyShare.ts'
import { recordedReshare } from '../tss-wasm/test/protocols/recordedReshare.ts'
import { fixtureShare } from '../tss-wasm/test/protocols/fixtureShare.ts'

const program = fileURLToPath(new URL('../scripts/recover.ts', import.meta.url))
const sentence = 'I take the whole key into one place'
const address = ethereumAddress(fixtureShare(0).publicKey.toBytes(true))
const goFile = (index: number) =>
  fileURLToPath(new URL(`../tss-wasm/test/fixtures/tss-lib/keygen_data_${index}.json`, import.meta.url))
const goFiles = [goFile(0), goFile(2), goFile(4)]
const place = await mkdtemp(join(tmpdir(), 'quorate-recover-'))
after(() => rm(place, { recursive: true, force: true }))

/** JSON.parse keeps long integers as strings only. */
const quoted = (json: string): string => json.replaceAll(/(?<=[[:,]\s*)\d{5,}/g, '"$&"')

/** Of another wallet, whose key is the generator. */
const { x, y } = secp256k1.Point.BASE
const stranger = `{"Xi":11111,"ShareID":1,"Ks":[1,2,3],"ECDSAPub":{"Coords":[${x},${y}]}}`

async function recover(lines: readonly string[], ...args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => undefined) // it may have stopped before it read everything
  child.stdin.end(lines.map((line) => `${line}\n`).join(''))
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { output, errors, code: child.exitCode }
}

suite('recovery', () => {
  test('gives the key of the wallet from any t shares, and of nothing less', () => {
    const key = (...indices: number[]) => recoverKey(indices.map(fixtureShare))
    const hex = (secret: bigint) => `0x${secret.toString(16).padStart(64, '0')}` as const
    assert.equal(privateKeyToAddress(hex(key(0, 1, 2).reveal())), address)
    assert.equal(key(4, 2, 0).reveal(), key(0, 1, 2, 3, 4).reveal())
    assert.throws(() => key(0, 1), /3 shares are needed, and 2 are there/)
    assert.throws(() => key(0, 1, 1), /one share is there twice/)
    const stranger = { ...fixtureShare(2), publicKey: fixtureShare(2).publicKey.double() }
    assert.throws(() => recoverKey([fixtureShare(0), fixtureShare(1), stranger]), /not all of one wallet/)
  })

  test('takes the pieces of guardians for a backup that was sealed for them, and says what is wrong with one', async () => {
    const wallet = fixtureWallet(0)
    const labels = wallet.seats.map(() => ({ label: '' }))
    const key = newAgeKey(systemRandom)
    const [one = '', two = '', three = ''] = splitSecret(key, { k: 2, n: 3 }, systemRandom)
    const file = join(place, 'guardians.age')
    await writeFile(file, await writeBackupFor({ madeAtMs: 1, labels, wallet }, await ageRecipient(key)))
    const opened = await recover([three, one], '--unattended', file)
    assert.match(opened.output, /guardians\.age: share 1 of 5, never renewed, checked/)
    assert.match(opened.output + opened.errors, /2 more needed of 3/)
    const misread = await recover([one, two.replace(/^\S+/, 'zero')], '--unattended', file)
    assert.match(misread.errors, /A word of one of these pieces is misread/)
    assert.equal(misread.code, 1)
  })

  test('from backups, into a new file that only its owner can read', async () => {
    const files = await Promise.all(
      [0, 1, 3].map(async (index) => {
        const file = join(place, `${index}.age`)
        const labels = [1, 2, 3, 4, 5].map((seat) => ({ label: `seat ${seat}` }))
        const backup = { madeAtMs: 1, labels, wallet: fixtureWallet(index) }
        await writeFile(file, await writeBackup(backup, utf8ToBytes(`words ${index}`), 2))
        return file
      }),
    )
    const out = join(place, 'key')
    const lines = ['words 0', 'words 1', 'words 3', sentence]
    const { code, errors, output } = await recover(lines, '--unattended', '--address', address, '--out', out, ...files)
    assert.equal(code, 0, errors)
    assert.ok(output.indexOf(address) > 0 && output.indexOf(address) < output.indexOf('To go on'), 'the address first')
    const [key = '', extended = ''] = (await readFile(out, 'utf8')).trim().split('\n')
    assert.equal(privateKeyToAddress(key as `0x${string}`), address)
    assert.ok(!output.includes(key) && !output.includes('xprv'))
    // Also what lies at other addresses of the wallet can be moved.
    const change = HDKey.fromExtendedKey(extended).deriveChild(1).deriveChild(7)
    assert.ok(change.privateKey)
    const { publicKey } = keyAt(fixtureShare(0).publicKey.toBytes(true), [1, 7])
    assert.deepEqual(secp256k1.getPublicKey(change.privateKey), publicKey)
    assert.equal((await stat(out)).mode & 0o777, 0o600)
    const again = await recover(lines, '--unattended', '--out', out, ...files)
    assert.equal(again.code, 1)
    assert.match(again.errors, /EEXIST/)
  })

  test('from tss-lib’s files, on the screen, once the sentence is typed', async () => {
    const { output, code, errors } = await recover([sentence], '--unattended', '--threshold', '3', ...goFiles)
    assert.equal(code, 0, errors)
    const key = /Private key: (0x[0-9a-f]{64})/.exec(output)?.[1] as `0x${string}`
    assert.equal(privateKeyToAddress(key), address)
    const extended = /Extended key, for all addresses: (xprv\w+)/.exec(output)?.[1] ?? ''
    assert.equal(`0x${bytesToHex(HDKey.fromExtendedKey(extended).privateKey ?? new Uint8Array())}`, key)
  })

  test('from files of tss-lib version 1 in the wrapper of another program, beside the share of another key', async () => {
    const files = await Promise.all(
      [0, 2, 4].map(async (index) => {
        const share = JSON.parse(quoted(await readFile(goFile(index), 'utf8'))) as Record<string, unknown>
        for (const lost of ['Alpha', 'Beta', 'P', 'Q', 'NTildei', 'BigXj']) share[lost] = undefined
        const wrapped = JSON.stringify({ pub_key: 'thorpub1', local_data: share, more: [JSON.parse(quoted(stranger))] })
        const file = join(place, `localstate-${index}.json`)
        await writeFile(file, wrapped.replaceAll(/"(\d+)"/g, '$1'))
        return file
      }),
    )
    const args = ['--unattended', '--threshold', '3', '--address', address, ...files]
    const { output, code, errors } = await recover([sentence], ...args)
    assert.equal(code, 0, errors)
    const key = /Private key: (0x[0-9a-f]{64})/.exec(output)?.[1] as `0x${string}`
    assert.equal(privateKeyToAddress(key), address)
  })

  test('from old and new backups of a wallet whose shares were renewed, sorted, with what is missing of each', async () => {
    const { old, fresh } = await recordedReshare('rotate-2of3')
    const backedUp = async (name: string, share: KeyShare, epoch: number) => {
      const file = join(place, `${name}.age`)
      const seats = fixtureWallet(0).seats.slice(0, share.parties.length)
      const wallet = { ...fixtureWallet(0), epoch, seats, share }
      const labels = seats.map((_, i) => ({ label: `seat ${i + 1}` }))
      await writeFile(file, await writeBackup({ madeAtMs: 1, labels, wallet }, utf8ToBytes('words'), 2))
      return file
    }
    const before = await Promise.all([0, 1].map((i) => backedUp(`before-${i}`, old[i]?.share ?? assert.fail(), 0)))
    const renewed = await backedUp('renewed', fresh[2]?.result ?? assert.fail(), 1)
    const words = ['words', 'words', 'words', sentence]

    const [first = ''] = before
    const mixed = await recover(words, '--unattended', first, renewed)
    assert.equal(mixed.code, 1)
    assert.match(
      mixed.output,
      /renewed as number 1: 1 more needed of 2\. Shares 3 .*\n.*never renewed: 1 more needed of 2/,
    )
    assert.match(mixed.errors, /None of these sets is complete/)

    const { output, code, errors } = await recover(words, '--unattended', renewed, ...before)
    assert.equal(code, 0, errors)
    assert.match(output, /never renewed: complete\. Shares 1 .*, 2 /)
    assert.match(output, /Take care: the shares of this wallet were renewed after these/)
    const key = /Private key: (0x[0-9a-f]{64})/.exec(output)?.[1] as `0x${string}`
    assert.equal(privateKeyToAddress(key), ethereumAddress((old[0]?.share ?? assert.fail()).publicKey.toBytes(true)))
  })

  test('says of a file that it cannot use what it is and what to do', async () => {
    const file = join(place, 'utf16.json')
    await writeFile(file, Buffer.from(await readFile(goFile(0), 'utf8'), 'utf16le'))
    const { errors, code } = await recover([sentence], '--unattended', '--threshold', '3', file)
    assert.equal(code, 1)
    assert.match(errors, /utf16\.json: This file is written in UTF-16.*save it as UTF-8/s)
  })

  const refusals: [what: string, lines: string[], args: string[], errors: RegExp][] = [
    ['without a terminal', [sentence], ['--threshold', '3', ...goFiles], /This is no terminal/],
    ['without the sentence', ['yes'], ['--unattended', '--threshold', '3', ...goFiles], /Not typed/],
    [
      'another wallet than the one asked for',
      [sentence],
      ['--unattended', '--threshold', '3', '--address', `0x${'0'.repeat(40)}`, ...goFiles],
      /It is not 0x0/,
    ],
    [
      'a threshold that the key was not made with',
      [sentence],
      ['--unattended', '--threshold', '2', ...goFiles],
      /interpolate/,
    ],
    ['files that do not say how many sign', [sentence], ['--unattended', ...goFiles], /give --threshold/],
  ]
  for (const [what, lines, args, errors] of refusals) {
    test(`shows nothing: ${what}`, async () => {
      const ended = await recover(lines, ...args)
      assert.equal(ended.code, 1)
      assert.match(ended.errors, errors)
      assert.ok(!ended.output.includes('Private key') && !ended.output.includes('xprv'))
    })
  }
})
