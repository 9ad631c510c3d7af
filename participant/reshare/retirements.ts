import { verifyCertificate } from '../../tss-wasm/identity/certificate.ts'
import { type Retired, verifyRetired } from '../../tss-wasm/identity/retired.ts'
import { sameBytes } from '../../tss-wasm/bytes.ts'
import { checkedSession } from '../session/sessionParts.ts'
import { changed, type EpochPorts } from './settleEpochs.ts'
import { beginningOf, nothingKnown, type StoredAttempt } from './walletEpochs.ts'

/**
 * What the members of the epoch before have said of their old shares, verified: at most one word of each.
 * @param words signed, as the coordinator or our record has them; what does not stand up to its check is left out
 */
export async function retirementsIn(
  { from, certificate }: StoredAttempt,
  words: readonly Uint8Array[],
): Promise<readonly (Retired & { readonly word: Uint8Array })[]> {
  const { begins } = await verifyCertificate(certificate, from)
  const said = await Promise.all(
    words.map(async (word) => {
      const retired = await verifyRetired(word, from, begins).catch(() => undefined)
      return retired === undefined ? [] : [{ ...retired, word }]
    }),
  )
  const heard = said.flat()
  return heard.filter(({ seat }, i) => heard.findIndex((other) => other.seat === seat) === i)
}

/**
 * Asks for the words of the members of the epoch before, and keeps those that are new here. Nothing depends on them: who
 * cannot be reached, or has forgotten the session, is asked another time.
 */
export async function hearRetirements(
  { connection, store }: Pick<EpochPorts, 'connection' | 'store'>,
  walletId: string,
): Promise<void> {
  const attempt = beginningOf((await store.read(walletId)) ?? nothingKnown)
  const known = attempt?.retired ?? []
  if (attempt === undefined || known.length >= attempt.from.members.length) return
  const { sessionId, joinToken, handover } = attempt
  if (sessionId === '') return // known from a backup, or from a certificate that was carried here
  const answer = await connection.persistently
    .call(
      (options) =>
        connection.sessions.getOutcome(
          { sessionId },
          { ...options, headers: { authorization: `Bearer ${joinToken}` } },
        ),
      AbortSignal.timeout(askingMs),
    )
    .catch(() => undefined)
  if (answer === undefined) return
  const { participants } = checkedSession(answer.session, sessionId)
  const words = participants.map(({ retired }) => retired).filter(({ length }) => length > 0)
  const fresh = words.filter((word) => !known.some((other) => sameBytes(other, word)))
  const heard = await retirementsIn(attempt, [...known, ...fresh])
  if (heard.length <= known.length) return
  await store.change(walletId, (now) => changed(now, handover.number, { retired: heard.map(({ word }) => word) }))
}

const askingMs = 10_000
