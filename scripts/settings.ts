// .env.example and the tables of docs/OPERATIONS.md as the declared settings have them: npm run settings:table writes them,
// scripts/test/settings.test.ts compares.
import { appSettings } from '../coordinator-stub/coordinator/appSettings.ts'
import { coordinatorSettings } from '../coordinator-stub/coordinator/settings.ts'
import { partySettings } from '../coordinator-stub/party/settings.ts'
import { asText, type Setting, type Settings } from '../coordinator-stub/process/settings.ts'
import { environmentSetting } from '../coordinator-stub/process/production.ts'
import { deskSettings } from '../electron/partySettings.ts'

/** deploy/compose.yaml reads these from .env itself and gives them to its services. */
const composeSettings: Settings = {
  databasePassword: {
    variable: 'POSTGRES_PASSWORD',
    says: "The database's password, at least 16 characters.",
    example: { text: '', isSet: true },
    read: asText,
  },
  masterKey1: {
    variable: 'SERVER_1_MASTER_KEY',
    says: 'The CRYPTO_MASTER_KEY of server-1.',
    example: { text: '', isSet: true },
    read: asText,
  },
  masterKey2: {
    variable: 'SERVER_2_MASTER_KEY',
    says: 'The CRYPTO_MASTER_KEY of server-2.',
    example: { text: '', isSet: true },
    read: asText,
  },
  host: {
    variable: 'QUORATE_HOST',
    says: 'The public host name.',
    example: { text: 'wallet.example' },
    read: asText,
  },
}

const everywhere = 'Every program'
const sections: readonly (readonly [title: string, settings: Settings])[] = [
  [everywhere, { environment: environmentSetting }],
  ['Coordinator', coordinatorSettings],
  ['Server parties', partySettings],
  ['The app from an origin of its own', { coordinators: appSettings.coordinators }],
  ['Used by deploy/compose.yaml only', composeSettings],
]

/** The text of .env.example. */
export function environmentExample(): string {
  const parts = sections.map(([title, settings]) => {
    const isEverywhere = (setting: Setting) => setting === environmentSetting && title !== everywhere
    const variables = Object.values(settings).filter((each) => each.variable !== undefined && !isEverywhere(each))
    return [`# ${title} ${'-'.repeat(117 - title.length)}`, ...variables.flatMap(exampleOf)].join('\n')
  })
  return `# Every variable that the coordinator and the server parties read; npm run settings:table writes this file.
# Copy it to .env and fill it in; never commit the copy. To make 64 hex digits: openssl rand -hex 32

${parts.join('\n\n')}
`
}

function exampleOf({ variable, says, fallback, example }: Setting): string[] {
  const { text = fallback ?? '', isSet = false } = example ?? {}
  const line = `${variable ?? ''}=${text}`
  const sentences = fallback === undefined ? says : `${says} Default: ${fallback}.`
  return [...wrapped(sentences, 116).map((each) => `# ${each}`), isSet ? line : `#${line}`]
}

/** The lines of the tables in docs/OPERATIONS.md. */
export function settingsTables(): string[] {
  const { name, withoutKeychain } = deskSettings
  return [
    ...tableOf('node coordinator-stub/main.ts', coordinatorSettings),
    ...tableOf('npm run server-party', partySettings),
    ...tableOf('npm run serve-app', appSettings),
    'The party without a window, `npm run party`, has those of a server party, but for `CRYPTO_MASTER_KEY`:',
    '',
    ...tableOf('npm run party', { name, withoutKeychain }),
  ].slice(0, -1)
}

function tableOf(program: string, settings: Settings): string[] {
  const code = (text: string | undefined) => (text === undefined ? '' : `\`${text}\``)
  const rows = Object.values(settings).map(({ flag, variable, value, says, fallback }) => {
    const typed = flag && `--${flag}${value === undefined ? '' : ` ${value}`}`
    return `| ${[code(typed), code(variable), code(fallback), says.replaceAll('|', '\\|')].join(' | ')} |`
  })
  return [`| \`${program}\` | variable | default | what it is |`, '| --- | --- | --- | --- |', ...rows, '']
}

/** Lines of at most `most` characters, broken between words. */
function wrapped(text: string, most: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= most) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
