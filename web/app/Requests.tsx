import { useEffect, useRef, useState, type SubmitEvent } from 'react'
import type { SigningRequest } from '../jobs/requests.ts'
import { isRunning, useCeremony } from '../state/ceremony.ts'
import { useRequests } from '../state/requests.ts'
import { toast } from '../state/toasts.ts'
import { ContentReview } from './review/ContentReview.tsx'
import { useCommands } from './commands.ts'
import { useBlindConfirmation } from './BlindConfirmation.tsx'
import { Button, LinkButton } from './design/Button.tsx'
import { Card } from './design/Card.tsx'
import { BackIcon } from './design/icons.tsx'
import { Notice } from './design/Notice.tsx'
import { PageTitle } from './PageTitle.tsx'
import { normalized, takePassphrase } from './passphrase.ts'
import { PassphraseField } from './PassphraseField.tsx'
import { hrefs } from './route.ts'
import { useTexts } from './useTexts.tsx'

const betweenRefreshesMs = 5000

/** What others ask us to sign: a list, or one of them. */
export default function Requests({ sessionId }: { readonly sessionId: string | undefined }) {
  const { requests: texts } = useTexts()
  const open = useRequests((state) => state.open)
  useRefreshing()
  if (sessionId !== undefined) {
    const request = open.find(({ ticket }) => ticket.sessionId === sessionId)
    if (request !== undefined) return <Request request={request} />
  }
  return (
    <div className="grid gap-5">
      <PageTitle>{texts.title}</PageTitle>
      {sessionId !== undefined && <Notice role="status">{texts.gone}</Notice>}
      {open.length === 0 && (
        <Card title={texts.none}>
          <p className="text-muted">{texts.noneText}</p>
        </Card>
      )}
      <ul className="grid gap-4">
        {open.map((request) => (
          <li key={request.ticket.sessionId}>
            <Summary request={request} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Others answer meanwhile: what is over does not stay. */
function useRefreshing(): void {
  const commands = useCommands()
  useEffect(() => {
    void commands.refreshRequests()
    const timer = setInterval(() => void commands.refreshRequests(), betweenRefreshesMs)
    return () => {
      clearInterval(timer)
    }
  }, [commands])
}

function Summary({ request: { ticket, wallet, order, from, expiresAtMs } }: { readonly request: SigningRequest }) {
  const { requests: texts } = useTexts()
  return (
    <Card title={texts.from(from.label)}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-muted">
          {texts.kinds[order.content.type]} · {texts.wallet(wallet.name)} · {texts.until(new Date(expiresAtMs))}
        </p>
        <LinkButton look="primary" href={hrefs.request(ticket.sessionId)}>
          {texts.look}
        </LinkButton>
      </div>
    </Card>
  )
}

function Request({ request }: { readonly request: SigningRequest }) {
  const { create, requests: texts, sign } = useTexts()
  const commands = useCommands()
  const busy = useCeremony((state) => isRunning(state.current))
  const passphrase = useRef<HTMLInputElement>(null)
  const [missing, setMissing] = useState(false)
  const { wallet, order, from } = request
  const blind = useBlindConfirmation(order.content)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const empty = normalized(passphrase.current) === ''
    setMissing(empty)
    if (empty) {
      passphrase.current?.focus()
      return
    }
    void commands.approve(request, takePassphrase(passphrase.current))
    location.hash = hrefs.sign(wallet.walletId)
  }
  const reject = () => {
    void commands.reject(request)
    toast(texts.rejected)
    location.hash = hrefs.requests
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-5" data-testid="request">
      <a
        href={hrefs.requests}
        className="flex min-h-11 w-fit items-center gap-1 rounded-lg pr-2 text-sm text-muted hover:text-ink"
      >
        <BackIcon className="size-4" />
        {texts.title}
      </a>
      <PageTitle takesFocus>{texts.wallet(wallet.name)}</PageTitle>
      <p>{texts.lead(from.label)}</p>
      <ContentReview order={order} />
      {blind.field}
      <Card>
        <PassphraseField
          label={sign.passphrase}
          error={missing ? sign.invalid.required : undefined}
          field={passphrase}
          account={wallet.name}
          autoComplete="current-password"
        />
      </Card>
      {busy && <Notice tone="warn">{create.busy}</Notice>}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" disabled={busy || !blind.isConfirmed}>
          {texts.approve}
        </Button>
        <Button look="danger" onClick={reject}>
          {texts.reject}
        </Button>
      </div>
    </form>
  )
}
