import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { Code } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { SessionKind } from '../../proto/gen/coordinator_pb.js'
import { encodeProposal } from '../../tss-wasm/identity/proposal.ts'
import { systemRandom } from '../../tss-wasm/random.ts'
import { openApiDocument, operations } from '../rest/operations.ts'
import { makeApiKey, parseApiKeys } from '../rest/apiKeys.ts'
import { auditAsCsv } from '../rest/auditQuery.ts'
import { orderedSessions, putOrder } from '../orders/orders.ts'
import {
  bearer,
  clients,
  keygenRequest,
  refused,
  rig,
  routerTransport,
  temporaryFolder,
  wireIdentity,
} from '../../testkit/harness.ts'
import { type Json, refusedWith, restClient } from './restClient.ts'
import { runningCoordinator } from '../../testkit/running.ts'

const shop = makeApiKey('shop', systemRandom)
const rival = makeApiKey('rival', systemRandom)
const operator = makeApiKey('operator', systemRandom)
const folder = await temporaryFolder()
const coordinator = await runningCoordinator({
  dataFolder: folder.path,
  apiKeys: `${shop.entry}, ${rival.entry}, ${operator.entry}`,
  apiAuditors: 'operator',
  apiAllowList: '127.0.0.0/8',
})
after(async () => {
  await coordinator[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})
const { sessions } = clients(createGrpcTransport({ baseUrl: coordinator.grpcUrl }))

const call = restClient(coordinator.url, shop.key)
const order = {
  threshold_n: 3,
  threshold_t: 2,
  participants: [{ party_id: 'alice' }, { party_id: 'bob' }, { party_id: 'carol' }],
}

interface Ordered {
  session_id: string
  join_tokens: Record<string, string>
  seats: Record<string, number>
}

/** What the parties' devices do: seats join with their tokens and confirm `result`. */
async function carryOut({ session_id: sessionId, join_tokens, seats }: Ordered, request: object, result: Uint8Array) {
  const [creator = ''] = Object.keys(join_tokens)
  await sessions.createSession({ ...keygenRequest(), ...request, sessionId }, bearer(join_tokens[creator]))
  for (const [name, token] of Object.entries(join_tokens)) {
    await sessions.joinSession({ sessionId, identity: wireIdentity(seats[name] ?? 0) }, bearer(token))
    await sessions.markReady({ sessionId }, bearer(token))
  }
  const roster = { sessionId, roster: new Uint8Array([9]), rosterSignature: new Uint8Array(64) }
  await sessions.startSession(roster, bearer(join_tokens[creator]))
  for (const token of Object.values(join_tokens)) {
    const value = concatBytes(new Uint8Array([1, 0, 1, result.length]), result, new Uint8Array(96))
    await sessions.reportCompletion({ sessionId, outcome: { case: 'confirmation', value } }, bearer(token))
  }
}

interface StreamedEvent {
  readonly id: number
  readonly event: string
  readonly data: { readonly entry: number; readonly session_id: string; readonly event: string }
}

async function events(key: string, query = '', headers = {}) {
  const stop = new AbortController()
  const asked = { headers: { 'x-api-key': key, ...headers }, signal: stop.signal }
  const response = await fetch(`${coordinator.url}/api/v1/events${query}`, asked)
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  assert.ok(response.body)
  const parts = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    async next(): Promise<StreamedEvent> {
      for (;;) {
        const [, id, event, data] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)\n\n/m.exec(text) ?? []
        text = data === undefined ? text : text.slice(text.indexOf(data) + data.length + 2)
        if (event && data) return { id: Number(id), event, data: JSON.parse(data) as StreamedEvent['data'] }
        const { value, done } = await parts.read()
        if (done) throw new Error('the stream has ended')
        text += value
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await parts.cancel().catch(() => undefined)
    },
  }
}

describe('REST', () => {
  it('orders a wallet and a signature, and reports their outcome', async () => {
    const { status, json } = await call('POST', '/api/v1/mpc/keygen', order)
    assert.equal(status, 201)
    const ordered = json as unknown as Ordered
    assert.deepEqual(ordered.seats, { alice: 1, bob: 2, carol: 3 })
    const path = `/api/v1/mpc/sessions/${ordered.session_id}`
    assert.equal((await call('GET', path)).json['status'], 'created')
    const notYet = call('POST', '/api/v1/accounts', { session_id: ordered.session_id, name: 'Till' })
    await refusedWith(notYet, 404, /no such session/)

    const publicKey = secp256k1.getPublicKey(new Uint8Array(32).fill(5))
    await carryOut(ordered, {}, publicKey)
    const done = (await call('GET', path)).json
    assert.equal(done['status'], 'completed')
    assert.equal(done['public_key'], bytesToHex(publicKey))
    await refusedWith(call('GET', path, undefined, rival.key), 404, /no such session/)

    const account = (await call('POST', '/api/v1/accounts', { session_id: ordered.session_id, name: 'Till' })).json
    assert.equal(account['public_key'], bytesToHex(publicKey))
    const again = call('POST', '/api/v1/accounts', { session_id: ordered.session_id, name: 'Till' })
    await refusedWith(again, 409, /already/)
    const id = String(account['account_id'])
    assert.deepEqual((await call('GET', '/api/v1/accounts')).json['accounts'], [account])
    await refusedWith(call('GET', `/api/v1/accounts/${id}`, undefined, rival.key), 404, /no such account/)
    assert.deepEqual(
      [account['epoch'], (await call('GET', `/api/v1/accounts/${id}/reshares`)).json['reshares']],
      [0, []],
    )
    await refusedWith(call('GET', `/api/v1/accounts/${id}/reshares`, undefined, rival.key), 404, /no such account/)
    await refusedWith(call('GET', `/api/v1/reshares/${ordered.session_id}`), 404, /no such session/)
    const recovery = { invitation: 'join/AQID', recipient: `age1${'q'.repeat(58)}` }
    const recover = `/api/v1/accounts/${id}/recover`
    await refusedWith(call('POST', recover, { ...recovery, recipient: 'age1' }), 400, /recipient/)
    await refusedWith(call('POST', recover, recovery, rival.key), 404, /no such account/)
    await refusedWith(call('POST', recover, recovery), 501, /turned off/)

    const content = { type: 'ethereum-message', message: Buffer.from('milk').toString('base64') }
    const wanted = { account_id: id, content, participants: ['alice', 'carol'] }
    const undecodable = { ...wanted, content: { type: 'ethereum-transaction', unsigned: 'AsA=' } }
    await refusedWith(call('POST', '/api/v1/mpc/sign', undecodable), 400, /content: .*wrong-field-count/)
    await refusedWith(call('POST', '/api/v1/mpc/sign', { ...wanted, message_hash: '00'.repeat(32) }), 400, /either/)
    const several = (contents: object[]) =>
      call('POST', '/api/v1/mpc/sign', { ...wanted, content: undefined, contents })
    await refusedWith(several([content, content]), 400, /items\[2\]: same-twice/)
    await refusedWith(several([content, undecodable.content]), 400, /items\[2\].*wrong-field-count/)
    await refusedWith(several(Array<object>(201).fill(content)), 400, /contents/)
    await refusedWith(call('POST', '/api/v1/mpc/sign', { ...wanted, contents: [content] }), 400, /either/)
    await refusedWith(
      call('POST', '/api/v1/mpc/sign', { ...wanted, participants: ['alice', 'x'] }),
      400,
      /each must hold a share/,
    )
    assert.equal((await call('POST', `/api/v1/accounts/${id}/suspend`)).json['status'], 'suspended')
    await refusedWith(call('POST', '/api/v1/mpc/sign', wanted), 409, /suspended/)
    await call('POST', `/api/v1/accounts/${id}/resume`)

    const signing = (await call('POST', '/api/v1/mpc/sign', wanted)).json as unknown as Ordered
    const seats = [{ seat: 1 }, { seat: 3 }]
    const message = (text: string) => {
      const bytes = new TextEncoder().encode(text)
      const proposal = { kind: 'sign', publicKey, content: { type: 'ethereum-message', message: bytes } } as const
      return { kind: SessionKind.SIGN, seats, proposal: encodeProposal(proposal, hexToBytes(signing.session_id)) }
    }
    const other = sessions.createSession(
      { ...keygenRequest(), ...message('gin'), sessionId: signing.session_id },
      bearer(signing.join_tokens['alice']),
    )
    await refused(other, Code.FailedPrecondition, /content to sign does not match the order/)
    const signature = secp256k1.sign(new Uint8Array(32).fill(1), new Uint8Array(32).fill(5), { prehash: false })
    await carryOut(signing, message('milk'), concatBytes(signature, new Uint8Array([1])))
    const signed = (await call('GET', `/api/v1/mpc/sessions/${signing.session_id}`)).json
    const forms = signed['signature'] as { r: string; s: string; v: number; der: string }
    assert.equal(forms.r + forms.s, bytesToHex(signature))
    assert.equal(forms.v, 28)
    assert.match(forms.der, /^30[0-9a-f]+$/)
  })

  it('lets no back-end take a wallet that is another one’s, by saying that it made the same key', async () => {
    const publicKey = secp256k1.getPublicKey(new Uint8Array(32).fill(6))
    const account = async (key: string) => {
      const ordered = (await call('POST', '/api/v1/mpc/keygen', order, key)).json as unknown as Ordered
      await carryOut(ordered, {}, publicKey)
      return call('POST', '/api/v1/accounts', { session_id: ordered.session_id, name: 'Till' }, key)
    }
    assert.deepEqual([(await account(rival.key)).status, (await account(shop.key)).status], [201, 201])
    await refusedWith(account(shop.key), 409, /already/)
  })

  it('lets nobody but the first participant open an ordered session, and only as ordered', async () => {
    const { json } = await call('POST', '/api/v1/mpc/keygen', order)
    const ordered = json as unknown as Ordered
    const open = (token: string | undefined, changes = {}) =>
      sessions.createSession({ ...keygenRequest(changes), sessionId: ordered.session_id }, bearer(token))
    await refused(open(ordered.join_tokens['bob']), Code.PermissionDenied, /first participant/)
    await refused(open('garbage'), Code.Unauthenticated, /invalid join token/)
    await refused(
      open(ordered.join_tokens['alice'], { threshold: 3 }),
      Code.FailedPrecondition,
      /session does not match the order/,
    )
    const creatorIdentity = wireIdentity(1)
    const first = await open(ordered.join_tokens['alice'], { creatorIdentity, lifeSeconds: 86_400 })
    assert.equal(
      Number(first.session?.expiresAtMs),
      json['expires_at_ms'],
      'it lives no longer than it was ordered for',
    )
    const again = await open(ordered.join_tokens['alice'], { creatorIdentity })
    assert.equal(again.session?.version, first.session?.version, 'whose answer got lost is answered again')
    for (const changes of [{ creatorIdentity: wireIdentity(2) }, { creatorIdentity, proposal: new Uint8Array([7]) }]) {
      await refused(open(ordered.join_tokens['alice'], changes), Code.AlreadyExists, /session with this id/)
    }
  })

  it('opens nothing once the time of the order is up', async () => {
    const { database, services, clock } = await rig()
    const sessionId = 'cd'.repeat(16)
    const participants = [1, 2].map((seat) => ({ seat, party_id: `p${seat}`, type: 'user' as const }))
    const expiresAtMs = clock.now + 30_000
    const wanted = { kind: SessionKind.KEYGEN, threshold: 2, participants, accountId: undefined, content: undefined }
    await putOrder(database, { ...wanted, sessionId, orderedBy: 'shop', createdAtMs: clock.now, expiresAtMs })
    const token = await services.tokens.issue({ sessionId, seat: 1 }, expiresAtMs)
    const world = { ...services, admit: orderedSessions(database, services) }
    const { sessions: handlers } = clients(routerTransport(world))
    const open = () => {
      const request = keygenRequest({ seats: [{ seat: 1 }, { seat: 2 }], sessionId })
      return handlers.createSession(request, bearer(token))
    }
    clock.now += 31_000
    await refused(open(), Code.FailedPrecondition, /order has expired/)
    clock.now -= 2000
    assert.equal((await open()).sessionId, sessionId)
  })

  it('answers bad requests precisely', async () => {
    await refusedWith(call('GET', '/api/v1/accounts', undefined, 'qk_wrong'), 401, /missing or unknown/)
    await refusedWith(call('POST', '/api/v1/mpc/keygen', '{"threshold_n":'), 400, /not valid JSON/)
    await refusedWith(call('POST', '/api/v1/mpc/keygen', { ...order, threshold_t: 4 }), 400, /threshold_t is at most/)
    await refusedWith(call('POST', '/api/v1/mpc/keygen', { ...order, extra: 1 }), 400, /extra/i)
    const server = { party_id: 'nobody', type: 'server' }
    const unknown = { ...order, participants: [{ party_id: 'a' }, server, { party_id: 'b' }] }
    await refusedWith(call('POST', '/api/v1/mpc/keygen', unknown), 400, /no server party/)
    await refusedWith(call('POST', '/api/v1/mpc/keygen', ' '.repeat(600_000)), 429, /request body exceeds/)
    await refusedWith(call('GET', '/api/v1/mpc/sessions/nonsense'), 400, /16 bytes/)
    await refusedWith(call('DELETE', '/api/v1/accounts'), 405, /this path answers POST and GET/)
    const signing = { account_id: '00'.repeat(16), participants: ['a', 'b'] }
    const orderSigning = (what: object) => call('POST', '/api/v1/mpc/sign', { ...signing, ...what })
    for (const content of [
      { type: 'bitcoin-psbt', psbt: 'cHNidP8=' },
      { type: 'ethereum-typed-data', json: '' },
    ]) {
      await refusedWith(
        orderSigning({ content }),
        400,
        /^content\.type: .* PSBTs and keys at a path are signed from the app/,
      )
    }
    const atPath = { content: { type: 'ethereum-message', message: 'AA==' }, path: [0] }
    await refusedWith(orderSigning(atPath), 400, /unrecognized key: "path"/i)
    const plain = await fetch(`${coordinator.url}/api/v1/accounts`)
    assert.equal(plain.status, 401)
  })

  it('answers malformed messages of every protocol with a status, and goes on', async () => {
    const send = async (type: string, body: Uint8Array<ArrayBuffer> | string) => {
      const method = `${coordinator.url}/quorate.v1.CoordinatorService/CreateSession`
      const answer = await fetch(method, { method: 'POST', headers: { 'content-type': type }, body })
      const bytes = new Uint8Array(await answer.arrayBuffer())
      return { status: answer.status, headers: answer.headers, text: new TextDecoder('latin1').decode(bytes) }
    }
    const garbage = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
    for (const [type, body] of [
      ['application/json', '{"kind":'],
      ['application/json', '{"kind":"SESSION_KIND_PARTY"}'],
      ['application/json', '{"noSuchField":1}'],
    ] as const) {
      const { status, text } = await send(type, body)
      assert.equal(status, 400, `${type} ${text}`)
      assert.match(text, /"code":"invalid_argument"/)
    }
    // What gRPC gives a message that cannot be decoded.
    const binary = await send('application/proto', garbage)
    assert.match(`${binary.status} ${binary.text}`, /^500 .*"code":"internal".*parse binary/)
    const framed = new Uint8Array([0, 0, 0, 0, garbage.length, ...garbage])
    const overWeb = await send('application/grpc-web+proto', framed)
    assert.match(`grpc-status: ${overWeb.headers.get('grpc-status') ?? ''} ${overWeb.text}`, /grpc-status: ?13\b/i)
    assert.equal((await send('text/plain', 'x')).status, 415)
    assert.equal((await call('GET', '/api/v1/accounts')).status, 200)
  })

  it('holds shares of users only where it was told to', async () => {
    const { json } = await call('POST', '/api/v1/mpc/keygen', order)
    const { session_id, join_tokens } = json as unknown as Ordered
    const ask = { session_id, join_token: join_tokens['alice'], recipient: `age1${'q'.repeat(58)}` }
    await refusedWith(call('POST', '/api/v1/keygen/generate-user-share', ask), 501, /USER_SHARES=1 turns them on/)
    await refusedWith(call('POST', '/api/v1/sign/user-share-key'), 501, /USER_SHARES=1 turns them on/)
  })

  it('serves whoever has a key a document of all that it answers', async () => {
    assert.equal((await fetch(`${coordinator.url}/openapi.json`)).status, 401)
    const document = (await call('GET', '/openapi.json')).json as unknown as { paths: Json; openapi: string }
    assert.equal(document.openapi, '3.1.0')
    assert.ok(Object.keys(document.paths).includes('/api/v1/mpc/sessions/{id}'))
    assert.match(JSON.stringify(document.paths['/api/v1/mpc/keygen']), /threshold_n/)
  })

  it('documents every call so that clients can be generated: names, answers, refusals, examples that are valid', () => {
    const document = JSON.stringify(openApiDocument())
    const described = Object.values<(typeof operations)[keyof typeof operations]>(operations)
    assert.equal(new Set(described.map(({ operationId }) => operationId)).size, described.length)
    for (const operation of described) {
      if ('body' in operation) assert.deepEqual(operation.body.safeParse(operation.example).error, undefined)
    }
    const named = new Set([...document.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name))
    const { schemas } = (JSON.parse(document) as { components: { schemas: Json } }).components
    assert.deepEqual(
      [...named].filter((name) => !(name in schemas)),
      [],
      'every reference leads somewhere',
    )
    assert.doesNotMatch(document, /\$defs/)
  })

  it('gives the audit log in pages, as JSON and as CSV', async () => {
    const { json } = await call('GET', '/api/v1/audit?limit=2')
    const entries = json['entries'] as { entry: number; event: string }[]
    assert.equal(entries.length, 2)
    assert.equal(entries[0]?.event, 'created')
    const next = (await call('GET', `/api/v1/audit?limit=2&after=${String(entries[1]?.entry)}`)).json
    assert.ok((next['entries'] as { entry: number }[]).every(({ entry }) => entry > (entries[1]?.entry ?? 0)))
    const sessionsOf = async (key: string) => {
      const all = (await call('GET', '/api/v1/audit?limit=1000', undefined, key)).json['entries']
      return new Set((all as { session_id: string }[]).map(({ session_id }) => session_id))
    }
    const { sessionId } = await sessions.createSession(keygenRequest())
    const [ours, theirs, everybodys] = await Promise.all([shop, rival, operator].map(({ key }) => sessionsOf(key)))
    assert.ok(ours && theirs && everybodys)
    assert.ok(ours.size > 0 && theirs.size > 0 && ours.isDisjointFrom(theirs))
    assert.ok(ours.union(theirs).isSubsetOf(everybodys) && everybodys.has(sessionId) && !ours.has(sessionId))
    const csv = await fetch(`${coordinator.url}/api/v1/audit?format=csv&limit=1`, {
      headers: { 'x-api-key': shop.key },
    })
    assert.match(await csv.text(), /^entry,time,session_id,seat,event,details\r\n1,/)
    const formula = { entry: 1, time: 't', session_id: '=cmd()', seat: 0, event: 'a,b', details: { said: '"' } }
    assert.equal(auditAsCsv([formula]).split('\r\n')[1], `1,t,'=cmd(),0,"a,b","{""said"":""\\""""}"`)
  })

  it('tells a back-end what happens in its sessions only, and goes on where a broken stream ended', async () => {
    await using mine = await events(shop.key)
    await using theirs = await events(rival.key)
    const ordered = (await call('POST', '/api/v1/mpc/keygen', order)).json as unknown as Ordered
    await carryOut(ordered, {}, secp256k1.getPublicKey(new Uint8Array(32).fill(7)))
    const heard: StreamedEvent[] = []
    while (heard.filter(({ data }) => data.event === 'confirmed').length < 3) heard.push(await mine.next())
    assert.deepEqual(new Set(heard.map(({ data }) => data.session_id)), new Set([ordered.session_id]))
    assert.deepEqual(
      [heard[0]?.event, heard[0]?.data.event, heard[0]?.id],
      ['session', 'created', heard[0]?.data.entry],
    )

    const [, second, third] = heard
    assert.ok(second && third)
    await using again = await events(shop.key, `?after=0`, { 'last-event-id': String(second.id) })
    assert.equal((await again.next()).id, third.id, 'the header says how far a reader came')
    await carryOut(
      (await call('POST', '/api/v1/mpc/keygen', order, rival.key)).json as unknown as Ordered,
      {},
      new Uint8Array(33),
    )
    assert.notEqual((await theirs.next()).data.session_id, ordered.session_id)
    const wrong = fetch(`${coordinator.url}/api/v1/events?after=x`, { headers: { 'x-api-key': shop.key } })
    assert.equal((await wrong).status, 400)
  })

  it('gives a key three streams of events: a fourth ends the oldest', async () => {
    await using oldest = await events(shop.key)
    await using others = new AsyncDisposableStack()
    for (let i = 0; i < 3; i++) others.use(await events(shop.key))
    await assert.rejects(oldest.next(), /ended/)
  })

  it('admits addresses on the list only, and refuses settings it cannot read', () => {
    const keys = parseApiKeys('', '10.0.0.0/8, ::1')
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '::1']) keys.admit(address)
    for (const address of ['11.0.0.1', undefined, '::2', 'junk']) {
      assert.throws(() => {
        keys.admit(address)
      }, /allow list/)
    }
    assert.throws(() => parseApiKeys('shop:plain-key', ''), /API_KEYS must be/)
    assert.throws(() => parseApiKeys('', 'everywhere'), /not an IP address or network/)
    assert.throws(() => parseApiKeys(shop.entry, '', 'shopp'), /API_AUDITORS: API_KEYS has no key named "shopp"/)
  })
})
