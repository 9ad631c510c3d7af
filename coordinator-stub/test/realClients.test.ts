import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  create,
  type Message,
  type MessageInitShape,
  type DescMessage,
  type DescService,
  fromBinary,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import * as grpc from '@grpc/grpc-js'
import grpcWeb from 'grpc-web'
import { CoordinatorService, SessionState } from '../../proto/gen/coordinator_pb.js'
import { Health, HealthCheckResponse_ServingStatus } from '../../proto/gen/grpc/health_pb.js'
import { ServerReflection } from '../../proto/gen/grpc/reflection_pb.js'
import { RouterService } from '../../proto/gen/router_pb.js'
import { keygenRequest, temporaryFolder, wireIdentity } from '../../testkit/harness.ts'
import { runningCoordinator } from '../../testkit/running.ts'
import { FetchedRequest } from './xmlHttpRequest.ts'

const folder = await temporaryFolder()
const coordinator = await runningCoordinator({ dataFolder: folder.path, metricsKey: 'key' })
after(async () => {
  await coordinator[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** The official Node client, with protobuf-es for the messages. */
function grpcJs(service: DescService) {
  const methods = service.methods.map((method) => [
    method.localName,
    {
      path: `/${service.typeName}/${method.name}`,
      requestStream: method.methodKind === 'bidi_streaming',
      responseStream: method.methodKind !== 'unary',
      ...codec(method.input, 'request'),
      ...codec(method.output, 'response'),
    },
  ])
  const Client = grpc.makeGenericClientConstructor(
    Object.fromEntries(methods) as grpc.ServiceDefinition,
    service.typeName,
  )
  const client = new Client(new URL(coordinator.grpcUrl).host, grpc.credentials.createInsecure())
  after(() => {
    client.close()
  })
  return client as unknown as Record<string, (...call: unknown[]) => grpc.ClientDuplexStream<unknown, unknown>>
}

function codec<T extends DescMessage>(schema: T, side: string) {
  return {
    [`${side}Serialize`]: (message: MessageInitShape<T>) => Buffer.from(toBinary(schema, create(schema, message))),
    [`${side}Deserialize`]: (bytes: Buffer) => fromBinary(schema, bytes),
  }
}

type Services = Record<string, (...call: unknown[]) => unknown>
function unary<T>(client: Services, method: string, request: unknown, token?: string): Promise<T> {
  const metadata = new grpc.Metadata()
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`)
  return new Promise((resolve, reject) => {
    client[method]?.(request, metadata, (error: Error | null, answer: T) => {
      if (error) reject(error)
      else resolve(answer)
    })
  })
}

describe('@grpc/grpc-js', () => {
  it('runs a session: create, join, start, send, receive, report', async () => {
    const sessions = grpcJs(CoordinatorService)
    const router = grpcJs(RouterService)
    type Created = MessageShape<typeof CoordinatorService.method.createSession.output>
    const { sessionId, joinTokens } = await unary<Created>(sessions, 'createSession', keygenRequest())
    for (const seat of [1, 2, 3]) {
      await unary(sessions, 'joinSession', { sessionId, identity: wireIdentity(seat) }, joinTokens[seat])
      await unary(sessions, 'markReady', { sessionId }, joinTokens[seat])
    }
    const start = { sessionId, roster: new Uint8Array([9]), rosterSignature: new Uint8Array(64) }
    await unary(sessions, 'startSession', start, joinTokens[1])

    const metadata = new grpc.Metadata()
    metadata.set('authorization', `Bearer ${joinTokens[2] ?? ''}`)
    const stream = router['subscribeMessages']?.({ sessionId }, metadata)
    assert.ok(stream)
    const received = new Promise<Uint8Array>((resolve, reject) => {
      stream.on('error', reject)
      stream.on('data', ({ cursor, envelope }: { cursor: bigint; envelope: Uint8Array }) => {
        if (cursor > 0n) resolve(envelope)
      })
    })
    const envelope = new Uint8Array(133_755).fill(3)
    await unary(router, 'sendMessage', { sessionId, to: 0, messageId: 'm', envelope }, joinTokens[1])
    assert.ok(Buffer.from(envelope).equals(await received))
    stream.on('error', () => undefined)
    stream.cancel()

    const report = { sessionId, outcome: { case: 'confirmation', value: new Uint8Array([1]) } }
    for (const seat of [1, 2, 3]) await unary(sessions, 'reportCompletion', report, joinTokens[seat])
    type Got = MessageShape<typeof CoordinatorService.method.getSession.output>
    const { session } = await unary<Got>(sessions, 'getSession', { sessionId }, joinTokens[3])
    assert.equal(session?.state, SessionState.COMPLETED)
  })

  it('reads precise statuses', async () => {
    const sessions = grpcJs(CoordinatorService)
    const status = async (call: Promise<unknown>) => {
      const error = await call.then(
        () => undefined,
        (reason: unknown) => reason as grpc.ServiceError,
      )
      return error && [grpc.status[error.code], error.details]
    }
    const absent = unary(sessions, 'getSession', { sessionId: 'ab'.repeat(16) })
    assert.deepEqual(await status(absent), ['UNAUTHENTICATED', 'join token is missing'])
    const bad = await status(unary(sessions, 'createSession', keygenRequest({ threshold: 9 })))
    assert.equal(bad?.[0], 'INVALID_ARGUMENT')
    const garbage = grpc.makeGenericClientConstructor(
      {
        call: {
          path: '/quorate.v1.CoordinatorService/CreateSession',
          requestStream: false,
          responseStream: false,
          requestSerialize: () => Buffer.from([0xff, 0xff, 0xff]),
          requestDeserialize: (bytes: Buffer) => bytes,
          responseSerialize: (bytes: Buffer) => bytes,
          responseDeserialize: (bytes: Buffer) => bytes,
        },
      },
      'garbage',
    )
    const client = new garbage(new URL(coordinator.grpcUrl).host, grpc.credentials.createInsecure())
    const malformed = await status(unary(client as unknown as Services, 'call', {}))
    assert.match(malformed?.[0] ?? '', /INVALID_ARGUMENT|INTERNAL/)
    client.close()
  })

  it('asks for health, and by reflection for what can be called', async () => {
    const { status } = await unary<{ status: number }>(grpcJs(Health), 'check', { service: '' })
    assert.equal(status, HealthCheckResponse_ServingStatus.SERVING)
    const unknown = unary(grpcJs(Health), 'check', { service: 'nobody' })
    await assert.rejects(unknown, /NOT_FOUND/)

    type Answer = MessageShape<typeof ServerReflection.method.serverReflectionInfo.output>
    const ask = (messageRequest: object) =>
      new Promise<Answer['messageResponse']>((resolve, reject) => {
        const stream = grpcJs(ServerReflection)['serverReflectionInfo']?.()
        stream?.on('data', ({ messageResponse }: Answer) => {
          resolve(messageResponse)
          stream.end()
        })
        stream?.on('error', reject)
        stream?.write({ messageRequest })
      })
    const listed = await ask({ case: 'listServices', value: '' })
    assert.ok(listed.case === 'listServicesResponse')
    const names = listed.value.service.map(({ name }) => name)
    assert.ok(names.includes('quorate.v1.CoordinatorService') && names.includes('quorate.v1.RouterService'))
    const described = await ask({ case: 'fileContainingSymbol', value: 'quorate.v1.RouterService.SendMessage' })
    assert.ok(described.case === 'fileDescriptorResponse')
    const files = described.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes))
    assert.deepEqual(files[0]?.service[0]?.method[0]?.name, 'SendMessage')
    const nothing = await ask({ case: 'fileContainingSymbol', value: 'x.Y' })
    assert.equal(nothing.case, 'errorResponse')
  })
})

describe('grpc-web, the official runtime', () => {
  /** What its code generator would write for a method. */
  function method(
    service: DescService,
    { name, input, output }: { readonly name: string; readonly input: DescMessage; readonly output: DescMessage },
    type: string,
  ) {
    const path = `/${service.typeName}/${name}`
    const serialize = (message: Message) => toBinary(input, message)
    const deserialize = (bytes: Uint8Array) => fromBinary(output, bytes)
    const descriptor = new grpcWeb.MethodDescriptor(path, type, Object, Object, serialize, deserialize)
    return { path: coordinator.url + path, descriptor }
  }
  const client = new grpcWeb.GrpcWebClientBase({ format: 'binary' })
  const call = async <I extends DescMessage, O extends DescMessage>(
    service: DescService,
    described: { readonly name: string; readonly input: I; readonly output: O },
    request: MessageInitShape<I>,
    token?: string,
  ): Promise<MessageShape<O>> => {
    const { path, descriptor } = method(service, described, 'unary')
    const metadata = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const message = create(described.input, request)
    return new Promise((resolve, reject) => {
      client.rpcCall(path, message, metadata, descriptor, (error: grpcWeb.RpcError | null, answer: unknown) => {
        if (error) reject(error)
        else resolve(answer as MessageShape<O>)
      })
    })
  }
  before(() => {
    Object.assign(globalThis, { XMLHttpRequest: FetchedRequest })
  })

  it('runs a session and reads its messages from a stream', async () => {
    const { createSession, joinSession, markReady, startSession, reportCompletion } = CoordinatorService.method
    const { sessionId, joinTokens } = await call(CoordinatorService, createSession, keygenRequest())
    for (const seat of [1, 2, 3]) {
      await call(CoordinatorService, joinSession, { sessionId, identity: wireIdentity(seat) }, joinTokens[seat])
      await call(CoordinatorService, markReady, { sessionId }, joinTokens[seat])
    }
    const start = { sessionId, roster: new Uint8Array([9]), rosterSignature: new Uint8Array(64) }
    await call(CoordinatorService, startSession, start, joinTokens[1])
    const envelope = new Uint8Array(42_033).fill(5)
    const { sendMessage, subscribeMessages } = RouterService.method
    await call(RouterService, sendMessage, { sessionId, to: 2, messageId: 'm', envelope }, joinTokens[1])
    const outcome = { case: 'failure', value: { kind: 'cancelled' } } as const
    await call(CoordinatorService, reportCompletion, { sessionId, outcome }, joinTokens[1])

    const { path, descriptor } = method(RouterService, subscribeMessages, 'server_streaming')
    const stream = client.serverStreaming(
      path,
      create(subscribeMessages.input, { sessionId }),
      { authorization: `Bearer ${joinTokens[2] ?? ''}` },
      descriptor,
    )
    const received: MessageShape<typeof subscribeMessages.output>[] = []
    await new Promise<void>((resolve, reject) => {
      stream.on('data', (message: unknown) => received.push(message as (typeof received)[number]))
      stream.on('error', reject)
      stream.on('end', resolve)
    })
    const [message] = received.filter(({ cursor }) => cursor > 0n)
    assert.ok(message && Buffer.from(envelope).equals(message.envelope))
    assert.equal(message.from, 1)
  })

  it('reads precise statuses', async () => {
    const { getSession } = CoordinatorService.method
    const absent = call(CoordinatorService, getSession, { sessionId: 'ab'.repeat(16) })
    await assert.rejects(absent, (error: unknown) => {
      assert.ok(error instanceof grpcWeb.RpcError)
      assert.equal(error.code, grpcWeb.StatusCode.UNAUTHENTICATED)
      assert.match(error.message, /join token is missing/)
      return true
    })
  })
})

describe('probes', () => {
  it('answer health and metrics, without an id in a label', async () => {
    const health = await fetch(`${coordinator.url}/healthz`)
    assert.deepEqual([health.status, await health.json()], [200, { status: 'ok' }])
    const text = await (await fetch(`${coordinator.url}/metrics`, { headers: { authorization: 'Bearer key' } })).text()
    for (const name of ['mpc_keygen_duration_seconds', 'mpc_sign_duration_seconds', 'mpc_session_success_rate']) {
      assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'))
    }
    assert.match(text, /^mpc_keygen_duration_seconds_count 1$/m)
    assert.match(text, /^mpc_sessions_ended_total\{kind="keygen",outcome="completed"\} 1$/m)
    assert.match(text, /^mpc_active_sessions 0$/m)
    assert.match(text, /^mpc_message_bytes_total 175788$/m)
    assert.doesNotMatch(text, /[0-9a-f]{32}/)
  })
})
