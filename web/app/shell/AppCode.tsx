import { useState } from 'react'
import type { AppStatus } from '../../serviceWorker/messages.ts'
import { useAppCode } from '../../state/appCode.ts'
import { toast } from '../../state/toasts.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Notice } from '../design/Notice.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** What the server sends now, where that is not what runs here: said before a passphrase is asked for. */
export function AppCode() {
  const status = useAppCode((state) => state.status)
  if (status === undefined || status.server.state === 'same' || status.server.state === 'unknown') return null
  return (
    <div className="mx-auto w-full max-w-3xl px-page pt-4 print:hidden" data-testid="app-code">
      {status.server.state === 'differs' ? (
        <Differs files={status.server.files} />
      ) : (
        <Offer offer={status.server} running={status.running} />
      )}
    </div>
  )
}

function Differs({ files }: { readonly files: readonly string[] }) {
  const { version } = useTexts()
  return (
    <Notice tone="bad" role="alert" title={version.differsTitle}>
      <p>{version.differs(files.join(', '))}</p>
      <p>{version.money}</p>
      <p>{version.ask}</p>
    </Notice>
  )
}

interface OfferProps {
  readonly offer: Extract<AppStatus['server'], { state: 'offers' }>
  readonly running: AppStatus['running']
}

function Offer({ offer, running }: OfferProps) {
  const { version } = useTexts()
  const commands = useCommands()
  const [isBusy, setIsBusy] = useState(false)
  const isVouchedFor = offer.vouching === 'same-key' || (offer.vouching === 'unsigned' && !running.isSigned)
  const use = async () => {
    setIsBusy(true)
    if (await commands.useVersion(offer.contents)) location.reload()
    else {
      setIsBusy(false)
      toast(version.failed)
    }
  }
  return (
    <Notice
      tone={isVouchedFor ? 'info' : 'bad'}
      role={isVouchedFor ? 'status' : 'alert'}
      title={isVouchedFor ? version.offersTitle(offer.version) : version.otherKeyTitle}
    >
      {isVouchedFor ? (
        <p>{offer.vouching === 'same-key' ? version.sameKey : version.bothUnsigned}</p>
      ) : (
        <>
          <p>{offer.vouching === 'other-key' ? version.otherKey(offer.version) : version.unsigned(offer.version)}</p>
          <p>{version.money}</p>
          <p>{version.ask}</p>
        </>
      )}
      <Button className="mt-1 justify-self-start text-sm" disabled={isBusy} onClick={() => void use()}>
        {isVouchedFor ? version.use : version.useAnyway}
      </Button>
    </Notice>
  )
}
