import { useState } from 'react'
import type { Failure } from '../../../tss-wasm/failure.ts'
import { toast } from '../../state/toasts.ts'
import { hrefs } from '../route.ts'

type Told = { readonly ok: true } | { readonly ok: false; readonly failure: Failure }

/** Says no to a request, and leaves its page once that is said. */
export function useRefusing(sessionId: string, tell: () => Promise<Told>, refused: string) {
  const [state, setState] = useState<Failure | 'telling'>()
  return {
    isTelling: state === 'telling',
    failure: typeof state === 'object' ? state : undefined,
    async refuse() {
      setState('telling')
      const told = await tell()
      setState(told.ok ? undefined : told.failure)
      if (!told.ok) return
      toast(refused)
      if (location.hash === hrefs.request(sessionId)) location.hash = hrefs.requests
    },
  }
}
