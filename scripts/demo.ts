// npm run demo [-- --json]: the main job in a terminal: a coordinator, two server parties and this process as the third party create a 2-of-3
// wallet over the network and sign an Ethereum transaction.
//   npm run demo -- --reshare     a wallet outlives its parties: one is replaced, then 2 of 3 becomes 3 of 5
import { parseArgs } from 'node:util'
import { mainJob } from './demo/mainJob.ts'
import { resharingDemo } from './demo/resharing.ts'

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, reshare: { type: 'boolean', default: false } },
})
const report = await (options.reshare ? resharingDemo() : mainJob())
console.log(JSON.stringify(report, null, options.json ? 0 : 2))
process.exitCode = Object.values(report).includes(false) ? 1 : 0
