import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { deskSettings } from './partySettings.ts'
import { partyStart, type PartySettings } from '../coordinator-stub/party/settings.ts'
import { describeParty, startParty } from '../coordinator-stub/party/start.ts'
import { createLog } from '../coordinator-stub/process/log.ts'
import { runUntilSignalled } from '../coordinator-stub/process/runUntilSignalled.ts'
import { flagsOf, readSettingsOrEnd, usageOf } from '../coordinator-stub/process/settings.ts'
import { openDataFolder } from '../files/dataFolder.ts'
import { ProtocolAbort, refused } from '../tss-wasm/failure.ts'
import { systemRandom } from '../tss-wasm/random.ts'
import { openDataKey } from './dataKey.ts'
import { systemKeychain } from './keychain.ts'

const about = `A Quorate party without a window, for a machine that co-signs unattended: a server party whose master key lies
in the keychain of the user it runs as.`
const flags = flagsOf(deskSettings)
const goOnWithoutKeychain = flags['without-keychain'] !== undefined

if (flags['help'] !== undefined) {
  process.stdout.write(usageOf(about, 'npm run party -- [FLAG ...]', deskSettings))
} else {
  const values = readSettingsOrEnd(deskSettings, flags)
  try {
    await using holding = new AsyncDisposableStack()
    const keyFolder = join(values.dataFolder ?? resolve(`.quorate/${values.name}`), 'keychain')
    await mkdir(keyFolder, { recursive: true, mode: 0o700 })
    holding.use(await openDataFolder(keyFolder))
    const masterKey = await masterKeyIn(keyFolder)
    await run(partyStart(values, masterKey))
  } catch (error) {
    if (!(error instanceof ProtocolAbort) || error.failure.kind !== 'refused') throw error
    const { what, detail } = error.failure
    process.stderr.write(
      `quorate: ${what}: ${detail}. Unlock the keychain of this user, or start with --without-keychain.\n`,
    )
    process.exitCode = 1
  }
}

async function run(settings: PartySettings): Promise<void> {
  if (flags['identity'] !== undefined) {
    process.stdout.write(await describeParty(settings))
    return
  }
  const log = createLog(settings.name)
  await runUntilSignalled(log, () => startParty(settings, log))
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
