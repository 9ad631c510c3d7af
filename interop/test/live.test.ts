import { after, describe, it } from 'node:test'
import { cases } from '../cases.ts'
import { type Hall, openHall } from '../ceremonies.ts'
import { buildGoParty } from '../goParty.ts'

const { program, reason } = buildGoParty('v2.0.2')
if (program === undefined) console.log(`INTEROP: ${reason}; recorded sessions are replayed instead (replay.test.ts)`)
else console.log('INTEROP: live, tss-lib v2.0.2 sits in our sessions over gRPC')

describe('tss-lib in a program that is not ours, in our sessions', { skip: program === undefined && reason }, () => {
  let hall: Promise<Hall> | undefined
  const opened = () => (hall ??= openHall(program ?? ''))
  after(async () => (await hall)?.[Symbol.asyncDispose]())

  for (const { name, quick, run } of cases) {
    if (quick) it(name, async () => run(await opened()))
  }
})
