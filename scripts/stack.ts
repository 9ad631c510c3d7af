// The local stack in the foreground: coordinator with the web app, two server parties, until Ctrl-C. Run by npm start.
import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startLocalStack } from '../testkit/localStack.ts'
import { startDemoChain } from '../testkit/chain/demoChain.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { lanCertificate, lanNames } from './certificate.ts'
import { root } from './project.ts'

const usage = `npm start -- [--port 8080] [--grpc-port 50051] [--data .quorate] [--lan] [--demo-chain]

  --port       of the web app; 0 takes any free port
  --grpc-port  of gRPC, for parties that are no browsers
  --data       folder for wallets of the server parties, sessions and logs
  --lan        https for other computers in this network, with a certificate made here (docs/COLLEAGUE.md)
  --demo-chain an Ethereum network on this machine, with coins and a token that are worth nothing, to try payments with
`
const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    'grpc-port': { type: 'string', default: '50051' },
    data: { type: 'string', default: '.quorate' },
    lan: { type: 'boolean', default: false },
    'demo-chain': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  process.stdout.write(usage)
  process.exit(0)
}

const stopping = Promise.withResolvers<number>()
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping.resolve(0)
  })
}

try {
  const dataFolder = resolve(root, options.data)
  const names = options.lan ? lanNames() : []
  const certificate = options.lan
    ? await lanCertificate(join(dataFolder, 'lan'), [...names, 'localhost', '127.0.0.1'], systemRandom)
    : undefined
  await using demo = options['demo-chain'] ? await startDemoChain() : undefined
  await using stack = await startLocalStack({
    chain: demo?.environment,
    dataFolder,
    port: Number(options.port),
    grpcPort: Number(options['grpc-port']),
    webFolder: join(root, 'dist'),
    lan: certificate,
    parties: ['server-1', 'server-2'],
    logs: 'files',
    random: systemRandom,
    onLost: (name, code) => {
      console.error(`quorate: ${name} has ended (code ${code ?? 'none'}); stopping the others`)
      stopping.resolve(1)
    },
  })
  const at = (name: string) => stack.url.replace(/\/\/[^/:]+/, `//${name}`)
  // By name: a browser makes no passkeys for a page without one.
  const pages = certificate === undefined ? [at('localhost')] : (await reachable(names)).map(at)
  console.log(`
  Quorate is running; Ctrl-C stops it, wallets and sessions are kept.

    gRPC        ${stack.grpcUrl}
    parties     ${stack.parties.map(({ name }) => name).join(', ')}
    data        ${options.data}   (logs: coordinator.log, server-1.log, server-2.log)`)
  if (demo !== undefined) {
    console.log(`    network     ${demo.url}   (chain ${demo.chainId}, worth nothing, gone when this stops)`)
  }
  if (certificate !== undefined) {
    console.log(`
  No authority vouches for the certificate of this machine, so each browser asks once. Compare there (SHA-256):
    ${certificate.fingerprint}`)
  }
  const [first, ...others] = pages
  if (others.length > 0) console.log(`\n    or          ${others.join('\n                ')}`)
  console.log(`\n    open        ${first ?? stack.url}\n`)
  process.exitCode = await stopping.promise
} catch (error) {
  console.error(`quorate: the local stack did not start: ${error instanceof Error ? error.message : String(error)}`)
  if (String(error).includes('EADDRINUSE'))
    console.error('Another program uses the port; choose others: npm start -- --port 8081 --grpc-port 50052')
  process.exitCode = 1
}

/** The names that other computers probably find, those first that are names; without a network, ourselves. */
async function reachable(names: readonly string[]): Promise<readonly string[]> {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  const isOwn = async (name: string) =>
    (await lookup(name, { all: true }).catch(() => [])).some(({ address }) =>
      own.some((each) => !each.internal && each.address === address),
    )
  const found = await Promise.all(names.map(async (name) => ((await isOwn(name)) ? [name] : [])))
  return found.flat().length > 0 ? found.flat() : ['localhost']
}
