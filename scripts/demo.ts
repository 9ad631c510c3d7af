// npm run demo [-- --json]: the main job in a terminal: a coordinator, two server parties and this process as the third party create a 2-of-3
// wallet over the network and sign an Ethereum transaction.
//   npm run demo -- --schemes     keys of other schemes: a Solana, a Taproot and a validator's, each made and used
//   npm run demo -- --reshare     a wallet outlives its parties: one is replaced, then 2 of 3 becomes 3 of 5
import { parseArgs } from 'node:util'
import { mainJob } from './demo/mainJob.ts'
import { resharingDemo } from './demo/resharing.ts'
import { schemesDemo } from './demo/schemes.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    reshare: { type: 'boolean', default: false },
    schemes: { type: 'boolean', default: false },
  },
})
const demo = options.schemes ? schemesDemo : options.reshare ? resharingDemo : mainJob
const report = await demo()
console.log(JSON.stringify(report, null, options.json ? 0 : 2))
process.exitCode = hasFailed(report) ? 1 : 0

/** Whether anything in it is not as it should be. */
function hasFailed(part: unknown): boolean {
  return part === false || (typeof part === 'object' && part !== null && Object.values(part).some(hasFailed))
}
