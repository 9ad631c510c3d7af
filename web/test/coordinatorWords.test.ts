import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Code, ConnectError } from '@connectrpc/connect'
import fc from 'fast-check'
import { asAbort } from '../../participant/connection/failures.ts'
import { FailureSchema, RefusalReason, RefusalSchema } from '../../proto/gen/coordinator_pb.js'
import { failureText, isSignedByOthers, technical } from '../app/ceremony/failureTexts.ts'
import { en } from '../app/texts/en.ts'

const codes = Object.values(Code).filter((code) => typeof code === 'number')

/** What once picked sentences about money, signatures and passphrases, and the names that pick them now. */
const words = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'session: completed without this party',
    'share: missing',
    'wrong passphrase, or the share was tampered with',
    'backup: wrong passphrase',
    'seat 2 has confirmed already',
    'not loaded: the worker',
    ...Object.keys(en.failures.refusals),
    'signed-by-others',
    'share-missing',
  ),
)

type Detail = ConnectError['details'][number]
const refusal = fc.oneof(
  fc.constantFrom(...Object.values(RefusalReason).filter((reason) => typeof reason === 'number')),
  fc.integer({ min: -1, max: 2 ** 31 - 1 }),
)
const details: fc.Arbitrary<Detail> = fc.oneof(
  refusal.map((reason): Detail => ({ desc: RefusalSchema, value: { reason } })),
  words.map((text): Detail => ({ desc: FailureSchema, value: { kind: text, check: text, detail: text } })),
  fc.uint8Array({ maxLength: 20 }).map((value): Detail => ({
    type: RefusalSchema.typeName,
    value: new Uint8Array(value),
  })),
  fc.tuple(words, fc.uint8Array({ maxLength: 20 })).map(([type, value]): Detail => ({
    type,
    value: new Uint8Array(value),
  })),
)

test('whatever the coordinator says, under whichever code, only its own sentences are shown', () => {
  const { refusals, disconnected, money } = en.failures
  // Which of a person's programs has the seat is for the coordinator to say, also by the session that it shows
  // (participant/session/client.ts): that sentence promises nothing about money, signatures or passphrases.
  const own = [refusals.coordinator, refusals.seatElsewhere, disconnected].map(({ title, what, now }) => ({
    title,
    what,
    now,
  }))
  const told = fc.tuple(fc.constantFrom(...codes), words, fc.array(details, { maxLength: 3 }))
  fc.assert(
    fc.property(told, ([code, text, forged]) => {
      const { failure } = asAbort(new ConnectError(text, code, undefined, forged as never))
      assert.ok(!isSignedByOthers(failure))
      for (const [kind, mayBeSigned, expected] of [
        ['create', false, money.noWallet],
        ['sign', false, money.unsigned],
        ['sign', true, money.maybeSigned],
        ['other', false, money.unchanged],
      ] as const) {
        const { money: said, ...cause } = failureText(failure, { kind, mayBeSigned, parties: String }, en)
        assert.ok(
          own.some((sentences) => JSON.stringify(sentences) === JSON.stringify(cause)),
          cause.title,
        )
        assert.equal(said, expected, 'what we know decides about the money, not what we are told')
      }
      // Its words are there for whoever looks for the fault, after what kind of failure it is.
      assert.match(
        technical(failure),
        /^(refused · coordinator · [a-z_]+ · “|refused · seat-elsewhere|disconnected · )/,
      )
    }),
    { numRuns: 2000 },
  )
})

test('that others have signed does not say that there is no second signature, once ours may have left', () => {
  const byOthers = { kind: 'refused', what: 'signed-by-others', detail: '' } as const
  const context = { kind: 'sign', parties: String } as const
  assert.equal(failureText(byOthers, context, en).money, en.failures.money.signedByOthers)
  assert.equal(failureText(byOthers, { ...context, mayBeSigned: true }, en).money, en.failures.money.maybeSigned)
})
