import { partySettings, partyStart } from './party/settings.ts'
import { describeParty, startParty } from './party/start.ts'
import { createLog } from './process/log.ts'
import { runUntilSignalled } from './process/runUntilSignalled.ts'
import { flagsOf, readSettingsOrEnd, usageOf } from './process/settings.ts'

const about = 'A Quorate server party: holds a share of each wallet that it helps to create, and signs with it.'
const flags = flagsOf(partySettings)
const { name = '' } = flags
const read = () => {
  const values = readSettingsOrEnd(partySettings, flags)
  return partyStart({ ...values, name }, values.masterKey)
}

if (flags['help'] !== undefined || name === '') {
  process.stdout.write(usageOf(about, 'node coordinator-stub/serverPartyMain.ts --name NAME [FLAG ...]', partySettings))
} else if (flags['identity'] !== undefined) {
  process.stdout.write(await describeParty(read()))
} else {
  const log = createLog(name)
  await runUntilSignalled(log, () => startParty(read(), log))
}
