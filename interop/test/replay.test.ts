import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ProtocolAbort } from '../../tss-wasm/failure.ts'
import { replay, type Transcript, transcriptSchema } from '../transcript.ts'

const folder = join(import.meta.dirname, '..', 'transcripts')
const transcripts = readdirSync(folder).map((file) =>
  transcriptSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
)
console.log(`INTEROP: ${transcripts.length} recorded sessions with tss-lib are replayed`)

describe('recorded sessions with tss-lib', () => {
  it('are of both kinds', () => {
    assert.deepEqual(new Set(transcripts.map(({ kind }) => kind)), new Set(['keygen', 'sign']))
  })

  for (const transcript of transcripts) {
    it(`${transcript.name}: ${transcript.kind}, seat ${transcript.me}, accepted and answered with the same bytes`, async () => {
      const { said, broadcasts, confirmation } = await replay(transcript)
      assert.deepEqual(said, transcript.said)
      assert.deepEqual(broadcasts, transcript.broadcasts)
      assert.equal(confirmation, transcript.confirmation)
    })
  }

  it('are not accepted when a byte of what tss-lib said is another', async () => {
    const [signing] = transcripts.filter(({ kind }) => kind === 'sign')
    assert.ok(signing)
    await assert.rejects(replay(spoilt(signing)), (error) => {
      assert.ok(error instanceof ProtocolAbort && error.failure.kind === 'timed-out', String(error))
      return true
    })
  })
})

/** The envelope is no longer signed by its sender, so it counts as never sent. */
function spoilt(transcript: Transcript): Transcript {
  const [first = '', ...others] = transcript.incoming
  const envelope = Buffer.from(first, 'base64')
  envelope[envelope.length - 1] = (envelope.at(-1) ?? 0) ^ 1
  return { ...transcript, incoming: [envelope.toString('base64'), ...others] }
}
