// The local stack in the foreground: coordinator with the web app, two server parties, until Ctrl-C. Run by npm start.
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startLocalStack } from '../testkit/localStack.ts'
import { systemRandom } from '../tss-wasm/random.ts'

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    'grpc-port': { type: 'string', default: '50051' },
    data: { type: 'string', default: '.quorate' },
  },
})
const root = resolve(import.meta.dirname, '..')

const stopping = Promise.withResolvers<number>()
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping.resolve(0)
  })
}

try {
  await using stack = await startLocalStack({
    dataFolder: resolve(root, options.data),
    port: Number(options.port),
    grpcPort: Number(options['grpc-port']),
    webFolder: join(root, 'dist'),
    parties: ['server-1', 'server-2'],
    logs: 'files',
    random: systemRandom,
    onLost: (name, code) => {
      console.error(`quorate: ${name} has ended (code ${code ?? 'none'}); stopping the others`)
      stopping.resolve(1)
    },
  })
  // By name: a browser makes no passkeys for a page without one.
  const page = stack.url.replace('127.0.0.1', 'localhost')
  console.log(`
  Quorate is running.

    open        ${page}
    gRPC        ${stack.grpcUrl}
    parties     ${stack.parties.map(({ name }) => name).join(', ')}
    data        ${options.data}   (logs: coordinator.log, server-1.log, server-2.log)

  Ctrl-C stops it; wallets and sessions are kept.
`)
  process.exitCode = await stopping.promise
} catch (error) {
  console.error(`quorate: the local stack did not start: ${error instanceof Error ? error.message : String(error)}`)
  if (String(error).includes('EADDRINUSE'))
    console.error('Another program uses the port; choose others with --port and --grpc-port.')
  process.exitCode = 1
}
