import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { partyOptions, type PartySettings, partySettings } from '../coordinator-stub/party/settings.ts'
import { describeParty, startParty } from '../coordinator-stub/party/start.ts'
import { createLog } from '../coordinator-stub/process/log.ts'
import { runUntilSignalled } from '../coordinator-stub/process/runUntilSignalled.ts'
import { openDataFolder } from '../files/dataFolder.ts'
import { ProtocolAbort, refused } from '../tss-wasm/failure.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { openDataKey } from './dataKey.ts'
import { systemKeychain } from './keychain.ts'

const usage = `A Quorate party without a window, for a machine that co-signs unattended: a server party whose master key lies
in the keychain of the user it runs as.

  npm run party -- --coordinator URL [--policy FILE] [--name NAME] [--data FOLDER] [--without-keychain]
  npm run party -- --identity

  --name              as the coordinator's list of parties names it (default desk)
  --without-keychain  keep the key in a file of mode 0600 instead; asked for once, at the first start
  All other options are those of coordinator-stub/serverPartyMain.ts and go to it.
`

const { values } = parseArgs({
  options: {
    ...partyOptions,
    name: { type: 'string', default: 'desk' },
    'without-keychain': { type: 'boolean', default: false },
  },
})
const goOnWithoutKeychain = values['without-keychain']

if (values.help) {
  process.stdout.write(usage)
} else {
  try {
    await using holding = new AsyncDisposableStack()
    const keyFolder = join(resolve(values.data ?? `.quorate/${values.name}`), 'keychain')
    await mkdir(keyFolder, { recursive: true, mode: 0o700 })
    holding.use(await openDataFolder(keyFolder))
    const masterKey = await masterKeyIn(keyFolder)
    await run(() => partySettings(values, masterKey))
  } catch (error) {
    if (!(error instanceof ProtocolAbort) || error.failure.kind !== 'refused') throw error
    const { what, detail } = error.failure
    process.stderr.write(
      `quorate: ${what}: ${detail}. Unlock the keychain of this user, or start with --without-keychain.\n`,
    )
    process.exitCode = 1
  }
}

async function run(readSettings: () => PartySettings): Promise<void> {
  if (values.identity) {
    process.stdout.write(await describeParty(readSettings()))
    return
  }
  const log = createLog(values.name)
  await runUntilSignalled(log, () => startParty(readSettings(), log))
}

/** @returns hex; it never stands in the environment, where whatever this process starts would inherit it */
async function masterKeyIn(folder: string): Promise<string> {
  if (process.env['CRYPTO_MASTER_KEY'] !== undefined) {
    throw refused('keychain', 'CRYPTO_MASTER_KEY is set, and the key is to come from the keychain')
  }
  const dataKey = await openDataKey(folder, {
    keychain: systemKeychain(),
    random: systemRandom,
    goOnWithoutKeychain: () => Promise.resolve(goOnWithoutKeychain),
  })
  const key = await dataKey.read()
  const hex = Buffer.from(key).toString('hex')
  key.fill(0)
  return hex
}
