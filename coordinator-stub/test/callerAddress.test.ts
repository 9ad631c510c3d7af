import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Code } from '@connectrpc/connect'
import { createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { systemRandom } from '../../tss-wasm/random.ts'
import { callerAddress, subscriberOf } from '../limits/callerAddress.ts'
import { makeApiKey } from '../rest/apiKeys.ts'
import { clients, keygenRequest, refused, temporaryFolder } from '../../testkit/harness.ts'
import { runningCoordinator } from '../../testkit/running.ts'

const from = (remoteAddress: string | undefined, forwarded?: string) => ({
  socket: { remoteAddress },
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
})

describe('who calls', () => {
  it('is the connection, whatever a header says, unless it comes from a proxy of ours', () => {
    const plain = callerAddress('')
    assert.equal(plain(from('203.0.113.5', '198.51.100.1')), '203.0.113.5')
    assert.equal(plain(from('::ffff:203.0.113.5')), '203.0.113.5')
    assert.equal(plain(from(undefined)), undefined)

    const proxied = callerAddress('10.0.0.0/8, fd00::/8')
    assert.equal(proxied(from('203.0.113.5', '198.51.100.1')), '203.0.113.5', 'it is no proxy of ours')
    assert.equal(proxied(from('::ffff:10.0.0.2', '198.51.100.1')), '198.51.100.1')
    const chosen = proxied(from('10.0.0.2', '192.0.2.66, 198.51.100.1, 10.0.0.3'))
    assert.equal(chosen, '198.51.100.1', 'what the caller wrote before it does not count')
    assert.equal(proxied(from('fd00::1', '2001:db8::7')), '2001:db8::7')
    for (const unreadable of [undefined, '', 'unknown', '198.51.100.1, junk']) {
      assert.equal(proxied(from('10.0.0.2', unreadable)), '10.0.0.2', String(unreadable))
    }
  })

  it('refuses lists that it cannot read', () => {
    for (const bad of ['proxy.example', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0', '::1/129', '/8']) {
      assert.throws(() => callerAddress(bad), /TRUSTED_PROXIES: ".*" is not an IP address or network/, bad)
    }
  })

  it('counts an IPv6 network as one, and IPv4 addresses each', () => {
    const network = ['2001:db8:0:1::5', '2001:0db8:0000:0001:aa:bb:cc:dd', '2001:db8:0:1:ffff::'].map(subscriberOf)
    assert.deepEqual([...new Set(network)], ['2001:db8:0:1'])
    assert.equal(subscriberOf('fe80::1%eth0'), 'fe80:0:0:0')
    assert.notEqual(subscriberOf('2001:db8:0:2::5'), network[0])
    assert.notEqual(subscriberOf('203.0.113.5'), subscriberOf('203.0.113.6'))
  })
})

describe('limits by address', () => {
  it('stop one that opens too many sessions, nobody else, and hold behind a proxy', async () => {
    await using folder = await temporaryFolder()
    const shop = makeApiKey('shop', systemRandom)
    await using coordinator = await runningCoordinator({
      dataFolder: folder.path,
      apiKeys: shop.entry,
      apiAllowList: '198.51.100.0/24',
      trustedProxies: '127.0.0.1',
      sessionsPerMinute: 1,
    })
    const open = (
      address: string | undefined,
      transport = createGrpcTransport({ baseUrl: coordinator.grpcUrl }),
      lifeSeconds = 0,
    ) =>
      clients(transport).sessions.createSession(keygenRequest({ lifeSeconds }), {
        headers: address === undefined ? {} : { 'x-forwarded-for': address },
      })
    for (let count = 0; count < 5; count += 1) await open('198.51.100.1')
    await refused(open('198.51.100.1'), Code.ResourceExhausted, /too many sessions from this address/)
    const overWeb = createGrpcWebTransport({ baseUrl: coordinator.url, httpVersion: '1.1' })
    await refused(open('192.0.2.1, 198.51.100.1', overWeb), Code.ResourceExhausted, /from this address/)
    // What waits for long is a limit of its own: a few requests for a day do not stop whoever asks for the next one.
    const hours = 3600
    await open('198.51.100.2', overWeb, 4 * hours)
    await open('198.51.100.2')
    await refused(open('198.51.100.2', overWeb, 4 * hours), Code.ResourceExhausted, /too many long-lived sessions/)
    await open('198.51.100.3', overWeb, 24 * hours)
    await open(undefined)

    const rest = async (address: string) => {
      const headers = { 'x-api-key': shop.key, 'x-forwarded-for': address }
      return (await fetch(`${coordinator.url}/api/v1/accounts`, { headers })).status
    }
    assert.deepEqual([await rest('198.51.100.9'), await rest('198.51.100.9, 192.0.2.1')], [200, 403])
  })
})
