import { useCeremony } from '../../state/ceremony.ts'
import { useServerParties } from '../../state/serverParties.ts'
import { CeremonyView } from '../ceremony/CeremonyView.tsx'
import { Created } from './Created.tsx'
import { CreateForm } from './CreateForm.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { FailedCeremony } from '../ceremony/FailedCeremony.tsx'
import { FailureView } from '../ceremony/FailureView.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** The form calls the job; the screen is a switch over how far it is. */
export default function CreateWallet() {
  const current = useCeremony((state) => state.current)
  const servers = useServerParties()
  const { app, create, ceremony } = useTexts()
  const commands = useCommands()
  if (current?.kind === 'create') {
    switch (current.end?.type) {
      case undefined:
        return <CeremonyView ceremony={current} />
      case 'created':
        return <Created walletId={current.end.walletId} checkCode={current.checkCode} />
      case 'failed':
        return (
          <FailedCeremony
            title={ceremony.creating(current.walletName)}
            failure={current.end.failure}
            kind="create"
            during={current.end.during}
            parties={current.parties}
            onRetry={commands.dismiss}
          />
        )
      case 'signed':
      case 'reshared':
        return null
    }
  }
  return (
    <div className="grid gap-5">
      <PageTitle takesFocus>{create.title}</PageTitle>
      {servers.status === 'loading' && <p className="text-muted">{app.loading}</p>}
      {servers.status === 'failed' && (
        <FailureView failure={servers.failure} kind="other" onRetry={() => void commands.loadServerParties()} />
      )}
      {servers.status === 'ready' && <CreateForm serverParties={servers.parties} />}
    </div>
  )
}
