import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openDataFolder } from '../files/dataFolder.ts'
import { ProtocolAbort } from '../tss-wasm/failure.ts'
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

const flag = '--without-keychain'
const { values } = parseArgs({
  strict: false,
  options: { name: { type: 'string', default: 'desk' }, data: { type: 'string' }, help: { type: 'boolean' } },
})
const { name, data } = values
if (values.help === true || typeof name !== 'string') {
  process.stdout.write(usage)
} else {
  const folder = resolve(typeof data === 'string' ? data : `.quorate/${name}`)
  try {
    await using holding = new AsyncDisposableStack()
    holding.use(await keyToEnvironment(join(folder, 'keychain')))
    process.argv = [
      ...process.argv.slice(0, 2),
      '--name',
      name,
      ...process.argv.slice(2).filter((text) => text !== flag),
    ]
    await import('../coordinator-stub/serverPartyMain.ts')
  } catch (error) {
    if (!(error instanceof ProtocolAbort) || error.failure.kind !== 'refused') throw error
    process.stderr.write(
      `quorate: ${error.failure.what}: ${error.failure.detail}. Unlock the keychain of this user, or start with ${flag}.\n`,
    )
    process.exitCode = 1
  }
}

/** The server party reads its key where servers do. The variable is this process's own; nothing it starts inherits it. */
async function keyToEnvironment(folder: string): Promise<AsyncDisposable> {
  if (process.env['CRYPTO_MASTER_KEY'] !== undefined) {
    throw new ProtocolAbort({
      kind: 'refused',
      what: 'keychain',
      detail: 'CRYPTO_MASTER_KEY is set, and the key is to come from the keychain',
    })
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await using opened = new AsyncDisposableStack()
  opened.use(await openDataFolder(folder))
  const goOnWithoutKeychain = () => Promise.resolve(process.argv.includes(flag))
  const dataKey = await openDataKey(folder, { keychain: systemKeychain(), random: systemRandom, goOnWithoutKeychain })
  const key = await dataKey.read()
  process.env['CRYPTO_MASTER_KEY'] = Buffer.from(key).toString('hex')
  key.fill(0)
  opened.defer(() => {
    delete process.env['CRYPTO_MASTER_KEY']
  })
  return opened.move()
}
