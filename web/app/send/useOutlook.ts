import { useCallback, useEffect, useRef, useState } from 'react'
import type { Intent, Outlook } from '../../../chain/evm/outlook.ts'
import { ProtocolAbort } from '../../../tss-wasm/failure.ts'
import { useCommands } from '../commands/useCommands.ts'

/** So long nobody is asked, for whoever types on. */
const pauseMs = 400

interface Looking {
  /** Of what is meant now; undefined while the nodes are asked. */
  readonly outlook: Outlook | undefined
  /** Resolves with the answer about what is meant now, or undefined where that part of the app could not be loaded. */
  readonly look: () => Promise<Outlook | undefined>
  /** Something has changed: asks anew. */
  readonly renew: () => void
}

/** What the nodes say of what a person means: asked once for each intent, when they pause or go on. */
export function useOutlook(intent: Intent): Looking {
  const commands = useCommands()
  const key = keyOf(intent)
  const asked = useRef(new Map<string, Promise<Outlook | undefined>>())
  const [answers, setAnswers] = useState<ReadonlyMap<string, Outlook>>(new Map())
  const look = useCallback(async () => {
    const known = asked.current.get(key)
    if (known !== undefined) return known
    const answer = commands.outlook(intent).catch((error: unknown) => {
      if (error instanceof ProtocolAbort) return undefined
      throw error
    })
    asked.current.set(key, answer)
    const outlook = await answer
    if (outlook !== undefined) setAnswers((before) => new Map([...before, [key, outlook]]))
    return outlook
    // oxlint-disable-next-line react/exhaustive-deps -- the key is the intent
  }, [commands, key])
  useEffect(() => {
    const timer = setTimeout(() => void look(), pauseMs)
    return () => {
      clearTimeout(timer)
    }
  }, [look])
  const renew = useCallback(() => {
    asked.current.clear()
    setAnswers(new Map())
    void look()
  }, [look])
  return { outlook: answers.get(key), look, renew }
}

function keyOf({ chainId, from, token, payment }: Intent): string {
  return [chainId, from, token ?? '', payment?.to ?? '', payment?.amount ?? ''].join(' ')
}
