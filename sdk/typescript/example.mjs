// Makes a wallet of one user and two server parties, signs a message with one of them, recovers the user's share, signs again,
// and prints its address as JSON.
// QUORATE_URL, QUORATE_API_KEY and QUORATE_PIN name the coordinator: its address, a key of API_KEYS, and the pin of its log.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client, UserKey } from 'quorate'
import { QuorateSigner } from 'quorate/ethers'
import { toQuorateAccount } from 'quorate/viem'
import { verifyMessage } from 'viem'

const { QUORATE_URL = '', QUORATE_API_KEY = '', QUORATE_PIN = '' } = process.env
const client = new Client({ baseUrl: QUORATE_URL, apiKey: QUORATE_API_KEY })
const user = { name: 'alice', key: await UserKey.generate(), pin: QUORATE_PIN }
const shareFile = join(await mkdtemp(join(tmpdir(), 'quorate-')), 'share.age')
const before = (await client.audit({ limit: 1000 })).at(-1)?.entry ?? 0

let account = await client.createWallet({
  user,
  servers: ['server-1', 'server-2'],
  threshold: 2,
  name: 'TypeScript',
  // A real program keeps it where it outlives the machine, and resolves only then.
  store: (file) => writeFile(shareFile, file, { mode: 0o600 }),
})

// Another day, on another machine: whoever has the file and the key signs.
let key = await UserKey.parse(user.key.secret())
const sign = async (content) =>
  client.sign({
    account,
    user: { ...user, key },
    servers: ['server-2'],
    content,
    share: await readFile(shareFile, 'utf8'),
  })
const wallet = toQuorateAccount(account.public_key, sign)
const message = 'ten pints of milk'
const verified = await verifyMessage({
  address: wallet.address,
  message,
  signature: await wallet.signMessage({ message }),
})

// The user's device is lost, with file and key. Whoever runs a server party invites the user to the place (--recover), and the
// link comes by mail; here it is a line on standard input. Key and address stay.
console.log(JSON.stringify({ lost: account.public_key }))
const invitation = await createInterface(process.stdin)[Symbol.asyncIterator]().next()
key = await UserKey.generate()
const [lost, oldFile, oldKey] = [account, await readFile(shareFile, 'utf8'), user.key]
account = await client.recover({
  account,
  user: { ...user, key },
  invitation: invitation.value ?? '',
  store: (file) => writeFile(shareFile, file, { mode: 0o600 }),
})
// What was lost signs no more, whoever finds it.
const found = { account, user: { ...user, key: oldKey }, servers: ['server-2'], share: oldFile }
const refused = await client
  .sign({ ...found, content: { type: 'ethereum-message', message: 'bWlsaw==' } })
  .catch((e) => e.cause)
const recovered =
  refused === 'epoch' &&
  account.epoch > lost.epoch &&
  (await verifyMessage({ address: wallet.address, message, signature: await wallet.signMessage({ message }) }))

const events = []
for await (const { session_id, account_id, event, reshare } of client.events({ after: before })) {
  if (account_id === account.account_id && reshare) events.push(`reshare ${reshare}`)
  else if (session_id === account.session_id) events.push(event)
  if (reshare === 'committed') break
}
const sameAddress = new QuorateSigner(account.public_key, sign).address === wallet.address
console.log(JSON.stringify({ address: wallet.address, verified: verified && sameAddress, recovered, events }))
