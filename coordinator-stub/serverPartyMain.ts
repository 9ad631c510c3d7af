import { parseArgs } from 'node:util'
import { partyOptions, partySettings } from './party/settings.ts'
import { describeParty, startParty } from './party/start.ts'
import { createLog } from './process/log.ts'
import { runUntilSignalled } from './process/runUntilSignalled.ts'

const usage = `A Quorate server party: holds a share of each wallet it helps to make, and signs with it.

  node coordinator-stub/serverPartyMain.ts --name server-1 [--coordinator http://127.0.0.1:50051]
                                           [--data FOLDER] [--deadline SECONDS] [--prepare COUNT]
                                           [--policy FILE] [--ca FILE] [--cert FILE --key FILE]
                                           [--fresh-workers]
  node coordinator-stub/serverPartyMain.ts --name server-1 [--data FOLDER] --identity

  --data      identity, sealed shares and pre-parameters (default .quorate/NAME)
  --deadline  how long to wait for a message of a round before naming who is silent (default 60)
  --prepare   how many sets of pre-parameters to keep ready (default 2)
  --policy    what it agrees to (docs/POLICY.md; default policy.json in the data folder, if there is one)
  --ca        PEM: who signed the certificate of an https:// coordinator (default: the authorities Node knows)
  --cert      PEM: our certificate and --key, where the coordinator asks for one (its TLS_CLIENT_CA)
  --fresh-workers  a worker thread of its own for every run, instead of one that is erased and serves up to 50 runs
  --identity  print the public identity, as the coordinator's --parties file lists it, and end
  CRYPTO_MASTER_KEY  64 hex digits; without it one is made and kept in the data folder
  QUORATE_ENV        "production": does not start without CRYPTO_MASTER_KEY, or with one that is not a random value
`

const { values } = parseArgs({ options: partyOptions })
const readSettings = () => partySettings(values, process.env['CRYPTO_MASTER_KEY'])

if (values.help || values.name === '') {
  process.stdout.write(usage)
} else if (values.identity) {
  process.stdout.write(await describeParty(readSettings()))
} else {
  const log = createLog(values.name)
  await runUntilSignalled(log, () => startParty(readSettings(), log))
}
