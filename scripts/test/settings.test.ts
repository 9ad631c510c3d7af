import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { format } from 'prettier'
import { coordinatorSettings } from '../../coordinator-stub/coordinator/settings.ts'
import { partySettings } from '../../coordinator-stub/party/settings.ts'
import { readSettings, type Settings } from '../../coordinator-stub/process/settings.ts'
import { placeIn } from '../markers.ts'
import { root } from '../project.ts'
import { environmentExample, settingsTables } from '../settings.ts'

const page = 'docs/OPERATIONS.md'
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const hint = 'npm run settings:table writes it anew'

describe('what operators can set', () => {
  it('stands in .env.example as it is declared', () => {
    assert.equal(read('.env.example'), environmentExample(), hint)
  })

  it(`stands in ${page} as it is declared`, async () => {
    const tables = await format(settingsTables().join('\n'), { parser: 'markdown', printWidth: 120 })
    assert.equal(placeIn(read(page), page, 'settings').between.trim(), tables.trim(), hint)
  })

  it('is refused by its name when it is wrong', () => {
    const wrong = (settings: Settings, given: Record<string, string>) => () => [
      readSettings(settings, {}, given),
      readSettings(settings, given, {}),
    ]
    const cases: readonly (readonly [Settings, Record<string, string>, string])[] = [
      [coordinatorSettings, { port: '65536' }, '--port must be a port number from 0 to 65535, not "65536"'],
      [coordinatorSettings, { port: '' }, '--port must be a port number from 0 to 65535, not ""'],
      [coordinatorSettings, { 'grpc-port': '1e3' }, '--grpc-port must be a port number from 0 to 65535, not "1e3"'],
      [
        coordinatorSettings,
        { SESSIONS_PER_MINUTE: '0' },
        'SESSIONS_PER_MINUTE must be a whole number above 0, not "0"',
      ],
      [coordinatorSettings, { USER_SHARES: 'yes' }, 'USER_SHARES must be 1 or 0, not "yes"'],
      [coordinatorSettings, { TRUSTED_PROXIES: 'proxy' }, 'TRUSTED_PROXIES: "proxy" is not an IP address or network'],
      [partySettings, { deadline: '-1' }, '--deadline must be a whole number, not "-1"'],
    ]
    for (const [settings, given, message] of cases) assert.throws(wrong(settings, given), { message })
  })

  it('comes from the flag, else from the variable, else from the declaration; an empty variable is not set', () => {
    const folder = (flags: Record<string, string>, environment: Record<string, string>) =>
      readSettings(coordinatorSettings, flags, environment).dataFolder
    assert.equal(folder({ data: '/flag' }, { QUORATE_DATA: '/variable' }), '/flag')
    assert.equal(folder({}, { QUORATE_DATA: '/variable' }), '/variable')
    assert.equal(folder({}, { QUORATE_DATA: '' }), join(process.cwd(), '.quorate/coordinator'))
  })
})
