import assert from 'node:assert/strict'
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { hexToBytes, keccak256, recoverPublicKey, serializeTransaction, toHex } from 'viem'
import { openPartyFolder } from '../../coordinator-stub/party/folder.ts'
import { copyEmptyDatabase } from '../../testkit/emptyDatabase.ts'
import { createWallet, fixturePreParameters, offers, person, sign } from '../../testkit/person.ts'
import { decodeServerParties, encodeServerParties } from '../../participant/session/serverParties.ts'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { openDataKey } from '../dataKey.ts'
import { systemKeychain } from '../keychain.ts'
import { ports, temporaryFolder } from './folders.ts'
import { keychainMissing, logIn } from './loginSession.ts'

const missing = keychainMissing()
const program = fileURLToPath(new URL('../party.ts', import.meta.url))
// Elsewhere it would be the keychain of the person who runs the tests.
const elsewhere = process.platform !== 'linux'
const none = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }

async function party(folder: string, environment: NodeJS.ProcessEnv, ...args: string[]) {
  const child = spawn(process.execPath, [program, '--data', folder, '--identity', ...args], {
    env: { ...process.env, CRYPTO_MASTER_KEY: undefined, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { output, errors, code: child.exitCode }
}

test('the party without a window keeps its master key in the keychain', { skip: missing ?? false }, async () => {
  await using place = await temporaryFolder()
  await using session = await logIn(join(place.path, 'home'))
  const folder = join(place.path, 'desk')
  const first = await party(folder, session.environment)
  assert.equal(first.code, 0, first.errors)
  const [identity] = decodeServerParties(first.output)
  assert.equal(identity?.name, 'desk')
  assert.equal((await party(folder, session.environment)).output, first.output)
  const files = await readdir(folder, { recursive: true })
  assert.ok(!files.some((name) => name.endsWith('.key')), files.join(' '))
  const locked = await party(folder, none)
  assert.equal(locked.code, 1)
  assert.match(locked.errors, /keychain: locked or not running/)
  assert.equal(locked.output, '')
})

test('without a keychain it starts only when told so', { skip: elsewhere }, async () => {
  await using place = await temporaryFolder()
  const folder = join(place.path, 'desk')
  const refused = await party(folder, none)
  assert.deepEqual([refused.code, refused.output], [1, ''])
  assert.match(refused.errors, /keychain: unavailable.*--without-keychain/)
  const first = await party(folder, none, '--without-keychain')
  assert.equal(first.code, 0, first.errors)
  assert.equal((await party(folder, none)).output, first.output, 'decided once')
  assert.equal((await stat(join(folder, 'keychain', 'data.key'))).mode & 0o777, 0o600)
})

const payee = '0x000000000000000000000000000000000000dEaD'
const payment = {
  type: 'eip1559',
  chainId: 1,
  nonce: 0,
  gas: 21_000n,
  maxFeePerGas: 2n,
  maxPriorityFeePerGas: 1n,
} as const
const pay = (to: `0x${string}`, value: bigint) => {
  const unsigned = serializeTransaction({ ...payment, to, value })
  return { unsigned, content: { type: 'ethereum-transaction', unsigned: hexToBytes(unsigned) } as const }
}

test(
  'it co-signs within its policy, after kill -9 too, and refuses what is outside of it',
  { skip: elsewhere },
  async () => {
    await using place = await temporaryFolder()
    await using children = new AsyncDisposableStack()
    if (missing !== undefined) console.log(`*** ${missing}; a file stands for it ***`)
    const environment = missing === undefined ? children.use(await logIn(join(place.path, 'home'))).environment : none
    const desk = join(place.path, 'desk')
    const made = await party(desk, environment, ...(missing === undefined ? [] : ['--without-keychain']))
    assert.equal(made.code, 0, made.errors)
    await stock(desk, environment)
    const serverFolder = join(place.path, 'server-1')
    const server = await stockedServer(serverFolder)
    const parties = [...decodeServerParties(made.output), { name: 'server-1', identity: server }]
    const [partiesFile, policyFile] = [join(place.path, 'parties.json'), join(place.path, 'policy.json')]
    await writeFile(partiesFile, encodeServerParties(parties))
    const chains = [{ chainId: 1, destinations: [payee], mostPerTransaction: '1000000' }]
    await writeFile(policyFile, JSON.stringify({ version: 1, messages: false, mostSignaturesPerHour: 5, chains }))

    const coordinator = ['--port', '0', '--grpc-port', '0', '--parties', partiesFile]
    const start = async (file: string, args: string[], own: NodeJS.ProcessEnv = {}) => {
      const running = await ready(file, args, own)
      children.defer(() => end(running.child, 'SIGTERM'))
      return running
    }
    const data = join(place.path, 'coordinator')
    await copyEmptyDatabase(join(data, 'database'))
    const { said } = await start('main.ts', [...coordinator, '--data', data])
    const { grpcUrl = '' } = said
    const common = ['--coordinator', grpcUrl, '--deadline', '60', '--prepare', '0']
    const startDesk = () =>
      start('../electron/party.ts', ['--data', desk, '--policy', policyFile, ...common], environment)
    const [{ child }] = await Promise.all([
      startDesk(),
      start('serverPartyMain.ts', ['--name', 'server-1', '--data', serverFolder, ...common]),
    ])

    const me = await person(createGrpcTransport({ baseUrl: grpcUrl }))
    const wallet = await createWallet(me, parties)
    const [coSigner] = offers(parties)
    assert.ok(coSigner?.serverParty === 'desk')
    const refusals = [
      [pay('0x00000000000000000000000000000000000000aa', 5n).content, /destination 0x0{38}aa is not allowed/i],
      [pay(payee, 1_000_000n).content, /above 0.000000000001 ETH each/],
      [{ type: 'ethereum-message', message: Uint8Array.of(1) }, /signing messages is not allowed/],
    ] as const
    const signs = (content: Parameters<typeof sign>[3]) => sign(me, wallet, coSigner, content)
    for (const [content, why] of refusals) {
      await assert.rejects(signs(content), (error) => {
        assert.ok(error instanceof ProtocolAbort && error.failure.kind === 'peer-gave-up', String(error))
        assert.equal(error.failure.peer, 2)
        assert.match(error.failure.detail, why)
        return true
      })
    }

    await end(child, 'SIGKILL')
    await startDesk()
    const { unsigned, content } = pay(payee, 5n)
    const [signature] = (await signs(content)).signatures
    assert.ok(signature)
    const { r, s, recovery } = signature
    const signed = { r: toHex(r), s: toHex(s), yParity: recovery }
    const signer = hexToBytes(await recoverPublicKey({ hash: keccak256(unsigned), signature: signed }))
    assert.equal(secp256k1.Point.fromBytes(signer).toHex(true), bytesToHex(wallet.publicKey))
  },
)

/** tss-lib's own pre-parameters, under the key that the party keeps in its keychain: a search would take minutes. */
async function stock(folder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const bus = process.env['DBUS_SESSION_BUS_ADDRESS']
  process.env['DBUS_SESSION_BUS_ADDRESS'] = environment['DBUS_SESSION_BUS_ADDRESS']
  try {
    const key = await (await openDataKey(join(folder, 'keychain'), ports(systemKeychain(), false))).read()
    await using party = await openPartyFolder(folder, bytesToHex(key), systemRandom)
    await party.addPrepared(await fixturePreParameters(1, party.masterKey))
  } finally {
    if (bus === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS']
    else process.env['DBUS_SESSION_BUS_ADDRESS'] = bus
  }
}

async function stockedServer(folder: string) {
  await using party = await openPartyFolder(folder, undefined, systemRandom)
  await party.addPrepared(await fixturePreParameters(2, party.masterKey))
  return party.identity.public
}

/** A program of ours (by default of coordinator-stub), and what it said once it could be used. */
async function ready(file: string, args: string[], own: NodeJS.ProcessEnv) {
  const path = fileURLToPath(new URL(file, new URL('../../coordinator-stub/', import.meta.url)))
  const child = fork(path, args, {
    env: { ...process.env, CRYPTO_MASTER_KEY: undefined, ...own },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  assert.ok(child.stderr)
  const errors = text(child.stderr)
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [
    { ready?: Record<string, string> } | number | null,
  ]
  if (typeof message !== 'object' || message?.ready === undefined) assert.fail(`${file}: ${await errors}`)
  return { child, said: message.ready }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await once(child, 'exit')
}
