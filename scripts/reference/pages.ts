// The reference of what other programs and hosts can call, as Markdown, made from the sources' own docstrings and types.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { openApiDocument } from '../../coordinator-stub/rest/operations.ts'
import { root } from '../project.ts'
import { declarationsOf } from './declarations.ts'
import { messagesOf, servicesOf } from './protos.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const notice = '<!-- Written by npm run reference from the sources. Change those. -->'

/** What a host calls and hands in; the other files are how it is done. */
const participant = [
  'coordinator',
  'createCoordinator',
  'connection/runs',
  'session/newSession',
  'session/sessionPreview',
  'session/join',
  'session/offers',
  'session/seat',
  'session/serverParties',
  'share/pendingShares',
  'share/makeShare',
  'share/pendingSession',
  'share/settleShare',
  'sign/signingRuns',
]

/** Text by path in the repository, formatted as prettier has it: pages to read, and REST's document for programs. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const worker = ['tss-wasm/worker/api.ts', 'tss-wasm/worker/client.ts', 'tss-wasm/failure.ts']
  const pages = {
    'docs/reference/engine.md': typesPage('Engine', 'What a worker does for an app, and how it fails.', worker),
    'docs/reference/participant.md': typesPage(
      'Participant',
      'How a host takes part in sessions: begin with `Coordinator` and `Seat`. participant/README.md has the rooms.',
      participant.map((name) => `participant/${name}.ts`),
    ),
    'docs/reference/grpc.md': servicesPage(['proto/coordinator.proto', 'proto/router.proto']),
    'docs/reference/rest.md': restPage(),
    // What sdk/ generates its clients from.
    'sdk/openapi.json': JSON.stringify(openApiDocument()),
  }
  const style = await resolveConfig(join(root, 'README.md'))
  const formatted = Object.entries(pages).map(
    async ([path, text]) =>
      [path, await format(text, { ...style, parser: path.endsWith('.json') ? 'json' : 'markdown' })] as const,
  )
  return new Map(await Promise.all(formatted))
}

function typesPage(title: string, about: string, files: readonly string[]): string {
  const sections = files.flatMap((path) => {
    const declarations = declarationsOf(path, read(path)).filter(
      ({ text, code }) => text !== '' || code.includes('/**'),
    )
    if (declarations.length === 0) return []
    const parts = declarations.map(({ name, text, code }) => `### ${name}\n\n${text}\n\n${block('ts', code)}`)
    return [`## ${path}\n\n${parts.join('\n\n')}`]
  })
  return `# ${title}\n\n${notice}\n\n${about}\n\n${sections.join('\n\n')}\n`
}

function servicesPage(files: readonly string[]): string {
  const sections = files.map((path) => {
    const proto = read(path)
    const services = servicesOf(proto).map(({ name, calls }) => {
      const rows = calls.map(({ name: of, comment, request, response, isStream }) => {
        const answer = `${isStream ? 'stream of ' : ''}\`${response}\``
        return `### ${of}\n\n${comment}\n\n\`${request}\` → ${answer}`
      })
      return `## ${name} (${path})\n\n${rows.join('\n\n')}`
    })
    const messages = [...messagesOf(proto).values()]
    return `${services.join('\n\n')}\n\n### Its messages\n\n${block('proto', messages.join('\n\n'))}`
  })
  const about =
    'The two services, over gRPC, gRPC-Web and Connect. A join token goes along as `Authorization: Bearer TOKEN`.'
  return `# gRPC\n\n${notice}\n\n${about}\n\n${sections.join('\n\n')}\n`
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}
interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly description?: string }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly example?: unknown } } }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema?: unknown }>> }>>
}

function restPage(): string {
  const { paths, components } = openApiDocument() as OpenApi
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => describe(`${method.toUpperCase()} ${path}`, operation)),
  )
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `### ${name}\n\n${block('json', JSON.stringify(schema, undefined, 2))}`,
  )
  const about =
    'For back-ends. Every call carries `X-API-Key`; `/openapi.json` of a running coordinator is the same as a document for programs.'
  return `# REST\n\n${notice}\n\n${about}\n\n${operations.join('\n\n')}\n\n## Schemas\n\n${schemas.join('\n\n')}\n`
}

function describe(route: string, { operationId, summary, description, parameters, requestBody, responses }: Operation) {
  const example = requestBody?.content['application/json'].example
  const [answer] = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  const [schema] = Object.values(answer?.[1].content ?? {}).map((content) => content.schema)
  return [
    `## ${route}`,
    `\`${operationId}\`: ${summary}.`,
    description ?? '',
    parameters.map((each) => `- \`${each.name}\` (${each.in}) ${each.description ?? ''}`).join('\n'),
    example === undefined ? '' : `Body, for example:\n\n${block('json', JSON.stringify(example, undefined, 2))}`,
    `Answer ${answer?.[0] ?? ''}:\n\n${block('json', JSON.stringify(schema, undefined, 2))}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function block(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\``
}
