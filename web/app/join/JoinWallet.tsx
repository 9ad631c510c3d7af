import { useCallback, useEffect, useState, type SubmitEvent } from 'react'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import type { Failure, Outcome } from '../../../tss-wasm/failure.ts'
import type { InvitedTo } from '../../jobs/joinByInvitation.ts'
import { isRunning, useCeremony } from '../../state/ceremony.ts'
import { nothingJoining, useJoining } from '../../state/joining.ts'
import { usePreferences } from '../../state/preferences.ts'
import { toast } from '../../state/toasts.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card, Fact, Facts } from '../design/Card.tsx'
import { Field, verbatim } from '../design/Field.tsx'
import { Notice } from '../design/Notice.tsx'
import { FailureView } from '../ceremony/FailureView.tsx'
import { NewPassphraseFields, useNewPassphrase } from '../passphrase/NewPassphrase.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { QrReader } from '../design/QrReader.tsx'
import { hrefs } from '../route.ts'
import { KeepingNotice } from '../passphrase/KeepingNotice.tsx'
import { labelByKeys } from '../../platform/seatLabel.ts'
import { useServerParties } from '../../state/serverParties.ts'
import { MyNameField, useMyName } from '../settings/MyName.tsx'
import { useTexts } from '../texts/useTexts.tsx'

/** From an invitation, however it came, to a seat. */
export default function JoinWallet({ invitation }: { readonly invitation: string }) {
  const { app, join } = useTexts()
  const commands = useCommands()
  const { text, isInHistory } = useJoining()
  const [seen, setSeen] = useState<Outcome<InvitedTo>>()

  useEffect(() => {
    if (invitation === '') return
    // The invitation is a secret: not for the address bar, the history, or whoever looks at either.
    useJoining.setState({ text: invitation, isInHistory: true })
    history.replaceState(null, '', hrefs.join)
  }, [invitation])

  const look = useCallback(
    (given: string) => {
      setSeen(undefined)
      useJoining.setState((now) => ({ text: given, isInHistory: now.isInHistory && given === now.text }))
      void commands.previewSession(given).then(setSeen)
    },
    [commands],
  )
  useEffect(() => {
    if (text === '') return undefined
    let isCurrent = true
    void commands.previewSession(text).then((outcome) => {
      if (isCurrent) setSeen(outcome)
    })
    return () => {
      isCurrent = false
    }
  }, [commands, text])
  const again = () => {
    useJoining.setState(nothingJoining)
    setSeen(undefined)
  }

  if (text === '') return <Paste onText={look} />
  if (seen === undefined) return <p className="text-muted">{app.loading}</p>
  if (seen.ok) return <Invitation invitedTo={seen.value} isInHistory={isInHistory} onAnother={again} />
  // The link is gone from the address bar: nobody should have to look for it because the network failed.
  const retry = isPassing(seen.failure)
    ? {
        onRetry: () => {
          look(text)
        },
      }
    : { onRetry: again, retry: join.another }
  const other = commands.otherCoordinator(text)
  return (
    <div className="grid gap-5">
      <PageTitle>{join.title}</PageTitle>
      {other === undefined ? (
        <FailureView failure={seen.failure} kind="other" {...retry} />
      ) : (
        <OtherCoordinator
          origin={other}
          onChosen={() => {
            look(text)
          }}
          onAnother={again}
        />
      )}
    </div>
  )
}

interface OtherCoordinatorProps {
  readonly origin: string
  readonly onChosen: () => void
  readonly onAnother: () => void
}

/** An invitation names another coordinator: whether to use that one is for its reader to say. */
function OtherCoordinator({ origin, onChosen, onAnother }: OtherCoordinatorProps) {
  const { coordinators, join } = useTexts()
  const commands = useCommands()
  const ours = usePreferences((state) => state.coordinator)
  const choose = async () => {
    if (await commands.chooseCoordinator(origin)) onChosen()
    else toast(coordinators.underWay)
  }
  return (
    <Notice tone="warn" role="alert" title={coordinators.otherTitle}>
      <p>{coordinators.other(origin, ours)}</p>
      <p>{coordinators.hint}</p>
      <div className="mt-1 flex flex-wrap gap-3">
        <Button onClick={() => void choose()}>{coordinators.useOther(origin)}</Button>
        <Button onClick={onAnother}>{join.another}</Button>
      </div>
    </Notice>
  )
}

function isPassing(failure: Failure): boolean {
  const { kind } = failure
  if (kind === 'refused') return failure.what === 'coordinator'
  return kind === 'disconnected' || kind === 'engine-crashed' || kind === 'not-loaded'
}

function Paste({ onText }: { readonly onText: (text: string) => void }) {
  const { join } = useTexts()
  const [text, setText] = useState('')
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') onText(text)
      }}
    >
      <PageTitle>{join.title}</PageTitle>
      <p className="text-muted">{join.lead}</p>
      <Card>
        <div className="grid gap-5">
          <Field label={join.paste} hint={join.pasteHint}>
            {({ className, ...control }) => (
              <textarea
                {...control}
                className={`${className} font-mono`}
                rows={4}
                {...verbatim}
                value={text}
                onChange={({ target }) => {
                  setText(target.value)
                }}
              />
            )}
          </Field>
          <QrReader onText={onText} />
        </div>
      </Card>
      <Button type="submit" look="primary" className="justify-self-start" disabled={text.trim() === ''}>
        {join.look}
      </Button>
    </form>
  )
}

interface InvitationProps {
  readonly invitedTo: InvitedTo
  readonly isInHistory: boolean
  readonly onAnother: () => void
}

function Invitation({ invitedTo, isInHistory, onAnother }: InvitationProps) {
  const { create, join, reshare } = useTexts()
  const commands = useCommands()
  const mine = useMyName()
  const passphrase = useNewPassphrase()
  const busy = useCeremony((state) => isRunning(state.current))
  const { walletName, threshold, parties, seat, inviter, invitedBy, expiresAtMs, isTaken, existing } = invitedTo
  const hasNames = invitedTo.seen.proposal.kind === 'keygen' && invitedTo.seen.proposal.names === true
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const myName = hasNames ? mine.take() : ''
    const strong = await passphrase.check()
    if (myName === undefined || !strong) {
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    void commands.join(invitedTo, myName, passphrase.take())
    useJoining.setState(nothingJoining)
    // Where a wallet that is being made is shown, or new shares are.
    location.hash = existing === undefined ? hrefs.create : hrefs.reshare(existing.walletId)
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5" data-testid="invited">
      <PageTitle takesFocus>{join.invited(walletName)}</PageTitle>
      <KeepingNotice />
      {isTaken && <Notice tone="warn">{join.taken}</Notice>}
      {isInHistory && <Notice>{join.inHistory}</Notice>}
      <Card>
        <Facts>
          {existing !== undefined && (
            <>
              <Fact name={join.existing}>
                <span className="font-mono text-sm break-all" data-testid="existing-address">
                  {ethereumAddress(existing.publicKey)}
                </span>
                <span className="block text-sm text-muted">{join.existingHint}</span>
              </Fact>
              <Fact name={join.before}>{join.ofParties(existing.threshold, existing.parties)}</Fact>
            </>
          )}
          <Fact name={existing === undefined ? join.policy : reshare.afterwards}>
            {join.ofParties(threshold, parties)}
          </Fact>
          <Fact name={join.seat}>{join.seatOf(seat, parties)}</Fact>
          <Fact name={join.by}>
            {inviter !== '' && <span className="block font-medium wrap-anywhere">{inviter}</span>}
            <span className="font-mono text-sm">{invitedBy}</span>
            <span className="block text-sm text-muted">{join.byHint}</span>
          </Fact>
          <AlreadyIn invitedTo={invitedTo} />
          <Fact name={join.expires}>{join.date(new Date(expiresAtMs))}</Fact>
        </Facts>
      </Card>
      <Card>
        {hasNames && (
          <div className="mb-5">
            <MyNameField {...mine} />
          </div>
        )}
        <p className="mb-4">{join.passphraseLead}</p>
        <NewPassphraseFields {...passphrase.fields} />
      </Card>
      {busy && <Notice tone="warn">{create.busy}</Notice>}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" disabled={busy}>
          {join.submit}
        </Button>
        <Button onClick={onAnother}>{join.another}</Button>
      </div>
    </form>
  )
}

/** Who joined before us, by the names they gave: comparing codes shows whether they belong there. */
function AlreadyIn({ invitedTo }: { readonly invitedTo: InvitedTo }) {
  const { app, names } = useTexts()
  const servers = useServerParties()
  const pinned = servers.status === 'ready' ? servers.parties : []
  const { joined } = invitedTo.seen
  return (
    <Fact name={names.alreadyIn}>
      {joined.length === 0
        ? names.nobodyYet
        : app.and(joined.map(({ identity, name }) => labelByKeys(identity, pinned, name).label))}
    </Fact>
  )
}
