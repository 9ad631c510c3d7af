import assert from 'node:assert/strict'
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { connect } from 'node:tls'
import { Code } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { systemRandom } from '../../tss-wasm/random.ts'
import { parseCorsOrigins } from '../http/crossOrigin.ts'
import { partyTls } from '../party/tls.ts'
import { unsafeFor } from '../process/production.ts'
import { clients, keygenRequest, refused, temporaryFolder } from '../../testkit/harness.ts'
import { runningCoordinator } from '../../testkit/running.ts'

const certificateTool = 'openssl'
const openssl = (folder: string, ...args: string[]) =>
  spawnSync(certificateTool, args, { cwd: folder, encoding: 'utf8' })
const skip = openssl('.', 'version').status === 0 ? false : 'NO OPENSSL to make certificates with'

/** A certificate that is its own authority. */
function selfSigned(folder: string, name: string): void {
  const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`]
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
  const made = openssl(folder, 'req', '-x509', ...key, '-nodes', '-days', '1', ...files, ...subject)
  assert.equal(made.status, 0, made.stderr)
}

describe('TLS', { skip }, () => {
  it('is 1.3 only, and asks parties for their certificate where it is told to', async () => {
    await using folder = await temporaryFolder()
    for (const name of ['server', 'party', 'stranger']) selfSigned(folder.path, name)
    const file = (name: string) => join(folder.path, name)
    const tls = { cert: file('server.pem'), key: file('server.key'), clientCa: file('party.pem') }
    await using coordinator = await runningCoordinator({ dataFolder: join(folder.path, 'data'), tls })
    assert.match(coordinator.grpcUrl, /^https:/)
    const ca = await readFile(file('server.pem'))
    const as = async (name: string | undefined) => {
      const own = name && { cert: await readFile(file(`${name}.pem`)), key: await readFile(file(`${name}.key`)) }
      return clients(createGrpcTransport({ baseUrl: coordinator.grpcUrl, nodeOptions: { ca, ...own } })).sessions
    }
    const { sessionId } = await (await as('party')).createSession(keygenRequest())
    assert.match(sessionId, /^[0-9a-f]{32}$/)
    for (const name of ['stranger', undefined]) {
      await assert.rejects((await as(name)).createSession(keygenRequest()), 'no connection without a known certificate')
    }
    const { hostname: host, port } = new URL(coordinator.url)
    const version = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string | null>((resolve, reject) => {
        const socket = connect({ host, port: Number(port), ca, maxVersion }, () => {
          resolve(socket.getProtocol())
          socket.destroy()
        })
        socket.on('error', reject)
      })
    assert.equal(await version('TLSv1.3'), 'TLSv1.3')
    await assert.rejects(version('TLSv1.2'), /version|handshake|alert/i)
  })
})

describe('a server party over TLS', { skip }, () => {
  it('is let in with its certificate, and says why it cannot connect without', async () => {
    await using folder = await temporaryFolder()
    for (const name of ['server', 'party', 'stranger']) selfSigned(folder.path, name)
    const file = (name: string) => join(folder.path, name)
    const main = new URL('../serverPartyMain.ts', import.meta.url).pathname
    const own = ['--name', 'server-1', '--data', file('server-1')]
    const { stdout: identity } = spawnSync(process.execPath, [main, ...own, '--identity'], { encoding: 'utf8' })
    await writeFile(file('parties.json'), identity)
    const tls = { cert: file('server.pem'), key: file('server.key'), clientCa: file('party.pem') }
    await using coordinator = await runningCoordinator({
      dataFolder: file('data'),
      partiesFile: file('parties.json'),
      tls,
    })
    const there = ['--prepare', '0', '--coordinator', coordinator.grpcUrl]
    const trusting = [...own, ...there, '--ca', file('server.pem')]
    /** What the party says first: that it is ready, or why it is not connected. */
    const run = async (...flags: string[]) => {
      const party = fork(main, flags, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
      const { promise, resolve } = Promise.withResolvers<string>()
      party.once('message', (message) => {
        resolve(JSON.stringify(message))
      })
      let said = ''
      party.stderr?.on('data', (part: Buffer) => {
        said += String(part)
        if (/"event":"(not-connected|stopped)".*\n/.test(said)) resolve(said)
      })
      try {
        return await promise
      } finally {
        const ended = once(party, 'exit')
        party.kill('SIGKILL')
        if (party.exitCode === null && party.signalCode === null) await ended
      }
    }
    const as = (name: string) => ['--cert', file(`${name}.pem`), '--key', file(`${name}.key`)]
    assert.equal(await run(...trusting, ...as('party')), '{"ready":{}}')
    assert.match(await run(...trusting, ...as('stranger')), /not-connected/)
    assert.match(await run(...trusting), /not-connected/)
    assert.match(await run(...own, ...there, ...as('party')), /not-connected.*self-signed certificate/)
  })

  it('is not started with flags that make no sense', async () => {
    const all = {}
    const url = 'https://coordinator.example:50051'
    await assert.rejects(partyTls(url, { ...all, cert: 'x.pem' }), /--cert and --key must be given together/)
    await assert.rejects(partyTls(url, { ...all, ca: '/none.pem' }), /--ca: \/none.pem cannot be read/)
    await assert.rejects(partyTls('http://127.0.0.1:1', { ...all, ca: 'x.pem' }), /starts with https/)
    await assert.rejects(partyTls('coordinator.example', all), /must be an http/)
    assert.deepEqual(await partyTls('http://127.0.0.1:1', all), {})
    assert.deepEqual(await partyTls(url, all), { minVersion: 'TLSv1.3' })
  })
})

describe('production mode', () => {
  const random = Buffer.from(systemRandom(32)).toString('hex')
  const good = {
    joinTokenSecret: random,
    databaseUrl: `postgres://quorate:${random.slice(0, 24)}@db/quorate`,
    isEncrypted: true,
  }
  it('starts with real secrets only', () => {
    assert.deepEqual(unsafeFor(good), [])
    assert.deepEqual(unsafeFor({ ...good, databaseUrl: undefined }), [])
    const refusals = (changes: object) => unsafeFor({ ...good, ...changes }).join()
    assert.match(refusals({ joinTokenSecret: undefined }), /JOIN_TOKEN_SECRET is not set/)
    assert.match(refusals({ joinTokenSecret: 'short' }), /64 hex digits/)
    for (const pattern of ['00'.repeat(32), 'a5'.repeat(32), '0123456789abcdef'.repeat(4)]) {
      assert.match(refusals({ joinTokenSecret: pattern }), /is not a random value/)
    }
    assert.match(refusals({ databaseUrl: 'postgres://quorate:changeme@db/quorate' }), /is a default/)
    assert.match(refusals({ databaseUrl: 'postgres://quorate:short1@db/quorate' }), /fewer than 16/)
    assert.match(refusals({ isEncrypted: false }), /TLS_CERT/)
  })

  it('starts server parties with a real key only, which is not made up beside their shares', async () => {
    await using folder = await temporaryFolder()
    const main = new URL('../serverPartyMain.ts', import.meta.url).pathname
    const start = (key: string | undefined, ...flags: string[]) => {
      const env = { ...process.env, QUORATE_ENV: 'production', CRYPTO_MASTER_KEY: key }
      const all = [main, '--name', 'server-1', '--data', join(folder.path, 'party'), ...flags]
      return spawnSync(process.execPath, all, { env, encoding: 'utf8' })
    }
    for (const [key, reason] of [
      [undefined, /CRYPTO_MASTER_KEY is not set/],
      ['00'.repeat(32), /CRYPTO_MASTER_KEY is not a random value/],
    ] as const) {
      const ended = start(key)
      assert.equal(ended.status, 1)
      assert.match(ended.stderr, reason)
    }
    assert.match(start(random, '--identity').stdout, /"name": "server-1"/)
  })

  it('ends the process with the reason, and shows no secret', () => {
    const main = new URL('../main.ts', import.meta.url).pathname
    const env = { ...process.env, QUORATE_ENV: 'production', JOIN_TOKEN_SECRET: 'hunter2', TLS_TERMINATED: '1' }
    const ended = spawnSync(process.execPath, [main, '--port', '0', '--grpc-port', '0'], { env, encoding: 'utf8' })
    assert.equal(ended.status, 1)
    assert.match(ended.stderr, /not started in production mode: JOIN_TOKEN_SECRET is not 64 hex digits/)
    assert.doesNotMatch(ended.stderr, /hunter2/)
  })

  it('says which setting is wrong in one line of its log', () => {
    const main = new URL('../main.ts', import.meta.url).pathname
    const env = { ...process.env, CORS_ORIGINS: 'wallet.example' }
    const ended = spawnSync(process.execPath, [main, '--port', '0', '--grpc-port', '0'], { env, encoding: 'utf8' })
    assert.equal(ended.status, 1)
    const lines = ended.stderr.trim().split('\n')
    assert.equal(lines.length, 1, ended.stderr)
    assert.match(lines[0] ?? '', /CORS_ORIGINS: not an origin such as/)
  })
})

describe('other origins', () => {
  it('are read as people write them, and refused where no browser would', () => {
    const origins = ['https://wallet.example', 'http://localhost:5173']
    assert.deepEqual(parseCorsOrigins(`${origins.join(', ')},`), origins)
    for (const wrong of ['https://wallet.example/', 'wallet.example', '*', 'https://Wallet.example', 'null']) {
      assert.throws(() => parseCorsOrigins(`${origins.join()},${wrong}`), /CORS_ORIGINS: not an origin/)
    }
  })

  it('may call when they are listed, and not otherwise', async () => {
    await using folder = await temporaryFolder()
    await using coordinator = await runningCoordinator({
      dataFolder: folder.path,
      corsOrigins: ['https://wallet.example'],
    })
    const preflight = (origin: string) =>
      fetch(`${coordinator.url}/quorate.v1.CoordinatorService/CreateSession`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    const allowed = await preflight('https://wallet.example')
    assert.equal(allowed.status, 204)
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://wallet.example')
    assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /authorization/i)
    const other = await preflight('https://evil.example')
    assert.equal(other.status, 403)
    assert.equal(other.headers.get('access-control-allow-origin'), null)
    const { sessions } = clients(createGrpcTransport({ baseUrl: coordinator.grpcUrl }))
    await refused(sessions.getSession({ sessionId: 'ab'.repeat(16) }), Code.Unauthenticated, /join token is missing/)
  })
})
