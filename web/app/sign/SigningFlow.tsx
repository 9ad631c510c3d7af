import { useEffect, useState, type ReactNode } from 'react'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { isRunning, useCeremony, useOpening } from '../../state/ceremony.ts'
import { useSignAgain } from '../../state/signAgain.ts'
import { BackLink } from '../design/BackLink.tsx'
import type { Composed } from './ContentForm.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { PageTitle } from '../design/PageTitle.tsx'
import { hrefs } from '../route.ts'
import { SignReview } from './SignReview.tsx'

interface SigningFlowProps {
  readonly wallet: WalletRecord
  /** Of the form. */
  readonly title: string
  /** The form itself, which hands over what was composed. */
  readonly form: (onOrder: (composed: Composed) => void) => ReactNode
}

/** Compose, look, sign: always a new form. What becomes of it has a page of its own. */
export function SigningFlow({ wallet, title, form }: SigningFlowProps) {
  const commands = useCommands()
  const [composed, setComposed] = useState<Composed | undefined>(toBeLookedAtAgain)
  const [isBegun, setBegun] = useState(false)
  const order = composed?.order
  useEffect(() => {
    void commands.loadDescriptions()
    void commands.loadChain()
    useSignAgain.setState({ order: undefined, replaces: undefined })
  }, [commands])
  const setOrder = (next: SigningOrder | undefined) => {
    setComposed(next && { order: next, leftOut: [] })
  }
  const opening = useOpening(wallet.walletId)
  const isRun = useCeremony(({ current }) => current?.walletId === wallet.walletId && current.kind === 'sign')
  // What was left at a wrong passphrase stays in its review; everything else goes on on its page.
  const hasLeft = isBegun && isRun && opening === undefined
  useEffect(() => {
    if (hasLeft) location.hash = hrefs.signing(wallet.walletId)
  }, [hasLeft, wallet.walletId])
  return (
    <div className="grid gap-5">
      <BackLink href={hrefs.wallet(wallet.walletId)}>{wallet.name}</BackLink>
      {order === undefined ? (
        <>
          <PageTitle takesFocus>{title}</PageTitle>
          {form(setComposed)}
        </>
      ) : (
        <SignReview
          wallet={wallet}
          order={order}
          opening={isBegun ? opening : undefined}
          leftOut={composed?.leftOut ?? []}
          replaces={composed?.replaces}
          onSign={(coSigners, unlocking) => {
            if (!isRunning(useCeremony.getState().current)) setBegun(true)
            void commands.sign(wallet, order, coSigners, unlocking)
          }}
          onEdit={() => {
            setOrder(undefined)
          }}
        />
      )}
    </div>
  )
}

function toBeLookedAtAgain(): Composed | undefined {
  const { order, replaces } = useSignAgain.getState()
  return order && { order, leftOut: [], ...(replaces !== undefined && { replaces }) }
}
