import { useEffect } from 'react'
import type { SigningOrder } from '../../../tss-wasm/content/signing.ts'
import type { WalletRecord } from '../../platform/shareStore.ts'
import { openingOf, useCeremony } from '../../state/ceremony.ts'
import { useSignAgain } from '../../state/signAgain.ts'
import { CeremonyView } from '../ceremony/CeremonyView.tsx'
import { FailedCeremony } from '../ceremony/FailedCeremony.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { hrefs } from '../route.ts'
import { useTexts } from '../texts/useTexts.tsx'
import { SignedResult } from './SignedResult.tsx'

/** What is being signed with everybody here, and what became of it. */
export default function Signing({ wallet }: { readonly wallet: WalletRecord }) {
  const { ceremony: texts } = useTexts()
  const commands = useCommands()
  const current = useCeremony((state) => state.current)
  const isHere = current?.kind === 'sign' && current.walletId === wallet.walletId && openingOf(current) === undefined
  useEffect(() => {
    // Nothing is under way any more: the form is where one begins.
    if (!isHere && location.hash === hrefs.signing(wallet.walletId)) location.hash = hrefs.sign(wallet.walletId)
  }, [isHere, wallet.walletId])
  if (!isHere) return null
  const again = (order: SigningOrder | undefined) => () => {
    useSignAgain.setState({ order })
    commands.dismiss()
  }
  const { askedBy } = current
  // Who failed to answer a request answers that one, and does not ask the others for the same.
  const answerAgain = (sessionId: string) => () => {
    location.hash = hrefs.request(sessionId)
    commands.dismiss()
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
          title={texts.signing(wallet.name)}
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
