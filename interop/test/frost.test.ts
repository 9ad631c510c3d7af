import { describe, it } from 'node:test'
import { buildFrostPeer, builtFrostPeer } from '../frostPeer.ts'
import { frostCases } from '../frostSessions.ts'

const isDeep = process.env['DEEP'] === '1'
const { program, reason } = isDeep ? buildFrostPeer() : builtFrostPeer()
if (program === undefined)
  console.log(`INTEROP: ${reason}; recorded sessions are replayed instead (tss-wasm/test/schemes/frostVectors.test.ts)`)
else console.log('INTEROP: live, frost-ed25519 and frost-secp256k1-tr 3.0.0 sit in our sessions')

describe('the Rust crates of FROST in our sessions', { skip: program === undefined && reason }, () => {
  for (const { name, run } of frostCases) it(name, () => run(program ?? ''))
})
