import { useEffect, useState, type ReactNode } from 'react'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { useCeremony, useOpening } from '../../state/ceremony.ts'
import { BackLink } from '../design/BackLink.tsx'
import { CeremonyView } from '../ceremony/CeremonyView.tsx'
import type { Composed } from './ContentForm.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { FailedCeremony } from '../ceremony/FailedCeremony.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { hrefs } from '../route.ts'
import { SignedResult } from './SignedResult.tsx'
import { SignReview } from './SignReview.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface SigningFlowProps {
  readonly wallet: WalletRecord
  /** Of the form. */
  readonly title: string
  /** The form itself, which hands over what was composed. */
  readonly form: (onOrder: (composed: Composed) => void) => ReactNode
  /** Begins the form anew. */
  readonly onAnew: () => void
}

/** Compose, look, sign: a switch over how far it is. */
export function SigningFlow({ wallet, title, form, onAnew }: SigningFlowProps) {
  const { ceremony: ceremonyTexts } = useTexts()
  const commands = useCommands()
  const current = useCeremony((state) => state.current)
  const [composed, setComposed] = useState<Composed>()
  const order = composed?.order
  useEffect(() => {
    void commands.loadDescriptions()
    void commands.loadChain()
  }, [commands])
  const setOrder = (next: SigningOrder | undefined) => {
    setComposed(next && { order: next, leftOut: [] })
  }

  const opening = useOpening(wallet.walletId)
  // What was left at a wrong passphrase does not stand in the way of a new form.
  const staysInReview = opening !== undefined && (order !== undefined || opening.failure !== undefined)

  if (current?.kind === 'sign' && current.walletId === wallet.walletId && !staysInReview) {
    const again = (next: SigningOrder | undefined) => () => {
      setOrder(next)
      if (next === undefined) onAnew()
      commands.dismiss()
    }
    const { askedBy } = current
    // Who failed to answer a request answers that one, and does not ask the others for the same.
    const answerAgain = (sessionId: string) => () => {
      commands.dismiss()
      location.hash = hrefs.request(sessionId)
    }
    switch (current.end?.type) {
      case undefined:
        return <CeremonyView ceremony={current} />
      case 'signed':
        return (
          <SignedResult wallet={wallet} order={current.order} signed={current.end.signed} onAgain={again(undefined)} />
        )
      case 'failed':
        return (
          <FailedCeremony
            title={ceremonyTexts.signing(wallet.name)}
            failure={current.end.failure}
            kind="sign"
            during={current.end.during}
            mayBeSigned={current.mayBeSigned}
            parties={current.parties}
            onRetry={askedBy === undefined ? again(current.order) : answerAgain(askedBy.sessionId)}
          />
        )
      case 'created':
      case 'reshared':
        return null
    }
  }
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
          opening={opening}
          leftOut={composed?.leftOut ?? []}
          onEdit={() => {
            setOrder(undefined)
          }}
        />
      )}
    </div>
  )
}
