import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'
import { appSettings } from '../coordinator/appSettings.ts'
import { coordinatorSettings } from '../coordinator/settings.ts'
import { addressList, callerAddress, isListed } from '../limits/callerAddress.ts'
import { createMetrics } from '../observe/metrics.ts'
import { partySettings } from '../party/settings.ts'
import type { Settings } from '../process/settings.ts'

// What can be held against the code here; docker and kubectl are not asked.

const { loadAll } = createRequire(import.meta.url)('js-yaml') as {
  readonly loadAll: (text: string) => unknown[]
}
const root = new URL('../../', import.meta.url).pathname
const read = (path: string) => readFileSync(root + path, 'utf8')
const parsed = (path: string) => loadAll(read(path))

/** All mappings in a document, from the outermost in. */
function* mappings(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as Record<string, unknown>
  for (const inner of Object.values(value)) yield* mappings(inner)
}

/** What the coordinator and the server parties read from the environment. */
function variablesRead(): Set<string> {
  const declared = [coordinatorSettings, appSettings, partySettings].flatMap((settings: Settings) =>
    Object.values(settings),
  )
  return new Set(declared.flatMap(({ variable }) => variable ?? []))
}
/** Of compose: what stands for others, which it reads from .env itself. */
const composed = new Set([...read('deploy/compose.yaml').matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name = '']) => name))
const isOurs = ({ image }: Record<string, unknown>) => image === 'quorate'

const helps = new Map<string, string>()
/** The program exists, and knows every flag that it is given. */
function canRun(command: unknown): void {
  assert.ok(Array.isArray(command), String(command))
  const [node, program, ...rest] = command.map(String)
  assert.equal(node, 'node')
  assert.ok(program !== undefined && existsSync(root + program), String(program))
  const help =
    helps.get(program) ?? spawnSync(process.execPath, [root + program, '--help'], { encoding: 'utf8' }).stdout
  helps.set(program, help)
  for (const flag of rest.filter((word) => word.startsWith('--'))) {
    assert.match(help, new RegExp(`${flag}\\b`), `${program} ${flag}`)
  }
}

describe('the environment', () => {
  it('is read by declared settings only', () => {
    const sources = globSync('coordinator-stub/{*,*/*}.ts', { cwd: root }).filter((path) => !path.includes('/test/'))
    assert.ok(sources.length > 50)
    assert.deepEqual(
      sources.filter((path) => read(path).includes("process.env['")),
      [],
    )
  })
})

describe('.env.example', () => {
  it('has every variable that is read, and no other', () => {
    const listed = [...read('.env.example').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name)
    assert.equal(new Set(listed).size, listed.length, 'each once')
    assert.deepEqual([...listed].sort(), [...new Set([...variablesRead(), ...composed])].sort())
  })

  it('can be copied as it is: what is to be filled in is empty', () => {
    for (const [, name = '', value] of read('.env.example').matchAll(/^([A-Z0-9_]+)=(.*)$/gm)) {
      assert.ok(value === '' || ['QUORATE_ENV', 'TLS_TERMINATED'].includes(name), name)
    }
  })
})

describe('deploy/compose.yaml', () => {
  const [compose] = parsed('deploy/compose.yaml') as [
    { services: Record<string, Record<string, unknown>>; volumes: Record<string, unknown> } & {
      networks: { default: { ipam: { config: { subnet: string }[] } } }
    },
  ]
  const services = Object.entries(compose.services)
  it('starts programs that there are, with flags and variables that they know', () => {
    const ours = services.filter(([, service]) => isOurs(service))
    assert.deepEqual(
      ours.map(([name]) => name),
      ['coordinator', 'server-1', 'server-2'],
    )
    for (const [name, { command, environment }] of ours) {
      canRun(command)
      for (const variable of Object.keys(environment as object)) assert.ok(variablesRead().has(variable), variable)
      if (name !== 'coordinator') assert.ok((command as string[]).includes(name), `${name} is called by its name`)
    }
  })

  it('knows its proxy, behind which else everybody would be one caller', () => {
    const { environment } = compose.services['coordinator'] as { environment: Record<string, string> }
    const { networks } = compose.services['proxy'] as { networks: { default: { ipv4_address: string } } }
    const address = networks.default.ipv4_address
    const [{ subnet } = { subnet: '' }] = compose.networks.default.ipam.config
    assert.ok(isListed(addressList(subnet, 'subnet') ?? assert.fail(), address))
    const callerOf = callerAddress(environment['TRUSTED_PROXIES'] ?? '')
    const headers = { 'x-forwarded-for': '203.0.113.5' }
    assert.equal(callerOf({ headers, socket: { remoteAddress: address } }), '203.0.113.5')
    assert.equal(callerOf({ headers, socket: { remoteAddress: '172.31.87.3' } }), '172.31.87.3')
  })

  it('refers to services, volumes and files that there are', () => {
    for (const [name, { depends_on = [], volumes = [] }] of services) {
      const needed = Array.isArray(depends_on) ? (depends_on as string[]) : Object.keys(depends_on as object)
      for (const other of needed) assert.ok(other in compose.services, `${name} needs ${other}`)
      for (const volume of volumes as string[]) {
        const [source = ''] = volume.split(':')
        const isThere = source.startsWith('./')
          ? source === './parties.json' || existsSync(`${root}deploy/${source}`) // made by the operator
          : source in compose.volumes
        assert.ok(isThere, `${name}: ${volume}`)
      }
    }
    assert.match(read('deploy/Caddyfile'), /reverse_proxy coordinator:8080/)
    assert.match(read('docs/OPERATIONS.md'), /deploy\/parties\.json/)
  })
})

describe('deploy/Dockerfile', () => {
  it('copies folders and runs scripts that there are', () => {
    const file = read('deploy/Dockerfile')
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    for (const [, script = ''] of file.matchAll(/npm run ([\w:-]+)/g)) assert.ok(script in scripts, script)
    const copied = [...file.matchAll(/^COPY --from=build \S+ \/app\/(\S+)/gm)].map(([, path = '']) => path)
    const made = ['node_modules', 'dist']
    for (const path of copied) assert.ok(made.includes(path) || existsSync(root + path), path)
    for (const needed of [
      'coordinator-stub',
      'participant',
      'proto',
      'tss-wasm',
      'dist',
      'node_modules',
      'package.json',
    ]) {
      assert.ok(copied.includes(needed), needed)
    }
    canRun(JSON.parse(/^CMD (.*)$/m.exec(file)?.[1] ?? '[]'))
  })
})

describe('deploy/kubernetes', () => {
  for (const path of globSync('deploy/kubernetes/*.yaml', { cwd: root })) {
    it(`${path} runs what there is, unprivileged, with probes on ports that it opens`, () => {
      const documents = parsed(path)
      const containers = documents.flatMap((document) => [...mappings(document)]).filter(isOurs)
      assert.ok(containers.length > 0)
      for (const { command, env = [], securityContext, ports = [] } of containers) {
        canRun(command)
        for (const { name } of env as { name: string }[]) assert.ok(variablesRead().has(name), name)
        const { allowPrivilegeEscalation, readOnlyRootFilesystem } = securityContext as Record<string, boolean>
        assert.deepEqual([allowPrivilegeEscalation, readOnlyRootFilesystem], [false, true])
        assert.ok((ports as { containerPort: number }[]).every((port) => [8080, 50051].includes(port.containerPort)))
      }
      for (const mapping of documents.flatMap((document) => [...mappings(document)])) {
        const { volumeMounts, name } = mapping as { volumeMounts?: { name: string }[]; name?: string }
        for (const mount of volumeMounts ?? []) {
          const text = read(path)
          assert.ok(text.includes(`{ name: ${mount.name}, `) || text.includes(`{ name: ${mount.name} }`), name)
        }
      }
    })
  }
})

describe('what Prometheus is asked', () => {
  const nothing = { width: 1, query: () => Promise.resolve([]), script: () => Promise.resolve() }
  const none = { ...nothing, transaction: () => Promise.reject(new Error('not asked')), close: () => Promise.resolve() }
  const expressions = [parsed('deploy/alerts.yaml'), JSON.parse(read('deploy/grafana/coordinator.json')) as unknown]
    .flatMap((document) => [...mappings(document)])
    .flatMap(({ expr }) => (typeof expr === 'string' ? [expr] : []))

  it('is what the coordinator tells: metrics and labels', async () => {
    const text = await createMetrics(none).text()
    const types = new Map([...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]))
    const labels = new Set(['kind', 'outcome', 'code', 'le', 'job', 'instance'])
    assert.ok(expressions.length >= 8, `${expressions.length} expressions`)
    for (const expression of expressions) {
      const names = expression.match(/\b(?:mpc|process|nodejs)_[a-z0-9_]+\b/g) ?? []
      assert.ok(names.length > 0 || expression.startsWith('up{'), expression)
      for (const name of names) {
        const histogram = types.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram'
        assert.ok(types.has(name) || histogram, name)
      }
      const used = [...expression.matchAll(/by \(([^)]*)\)/g), ...expression.matchAll(/\{([^}=!~]*)[=!~]/g)]
      for (const label of used.flatMap(([, list = '']) => list.split(',').map((each) => each.trim()))) {
        assert.ok(labels.has(label), `${label} in ${expression}`)
      }
    }
    const promised = ['mpc_keygen_duration_seconds', 'mpc_sign_duration_seconds', 'mpc_session_success_rate']
    for (const name of [...promised, 'mpc_active_sessions', 'mpc_messages_total', 'mpc_message_bytes_total']) {
      assert.ok(types.has(name), name)
    }
    assert.ok(types.has('mpc_envelopes_rejected_total'))
    assert.doesNotMatch(text, /\{[^}]*(session|seat|token|id)="/)
  })
})
