import { useRef, useState, type SubmitEvent } from 'react'
import { ethereumAddress } from '../../../tss-wasm/content/ethereum.ts'
import type { Failure } from '../../../tss-wasm/failure.ts'
import { visibleName } from '../../../tss-wasm/identity/walletName.ts'
import type { OpenedShareFile } from '../../jobs/restore.ts'
import { useOpenedFile } from '../../state/openedFile.ts'
import { toast } from '../../state/toasts.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button, LinkButton } from '../design/Button.tsx'
import { Card, Fact, Facts } from '../design/Card.tsx'
import { Field } from '../design/Field.tsx'
import { Notice } from '../design/Notice.tsx'
import { FailureView } from '../ceremony/FailureView.tsx'
import { NewPassphraseFields, useNewPassphrase } from '../passphrase/NewPassphrase.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { hrefs } from '../route.ts'
import { KeepingNotice } from '../passphrase/KeepingNotice.tsx'
import { useTexts } from '../texts/useTexts.tsx'

interface RestoreFoundProps {
  readonly opened: OpenedShareFile
  readonly onAgain: () => void
}

/** What is in the file, all of it checked, beside what this device has of it. */
export function RestoreFound({ opened, onAgain }: RestoreFoundProps) {
  const { restore } = useTexts()
  const { shown, here } = opened
  return (
    <div className="grid gap-5" data-testid="restore-found" data-here={here}>
      <PageTitle takesFocus>{restore.found}</PageTitle>
      <Found opened={opened} />
      {here === 'nothing' ? <Keep opened={opened} /> : <Here opened={opened} />}
      <div className="flex flex-wrap gap-3">
        {here !== 'nothing' && here !== 'left' && (
          <LinkButton href={hrefs.wallet(shown.walletId)}>{restore.toWallet}</LinkButton>
        )}
        <Button onClick={onAgain}>{restore.again}</Button>
      </div>
    </div>
  )
}

/** Why nothing is restored. */
function Here({ opened: { here, shown, renewedAtMs } }: { readonly opened: OpenedShareFile }) {
  const { restore } = useTexts()
  const [tone, title, text] = ((): [tone: 'good' | 'warn', title: string, text: string] => {
    const made = shown.backup && new Date(shown.backup.madeAtMs)
    const renewed = renewedAtMs === undefined ? undefined : new Date(renewedAtMs)
    if (here === 'same-share') return ['good', restore.same, restore.sameText]
    if (here === 'left') return ['warn', restore.left, restore.leftText(made, renewed)]
    if (here === 'newer-share') return ['warn', restore.stale, restore.staleText(made, renewed)]
    return ['warn', restore.other, restore.otherText]
  })()
  return (
    <Notice tone={tone} title={title} role="status">
      <p>{text}</p>
    </Notice>
  )
}

function Found({ opened: { shown } }: { readonly opened: OpenedShareFile }) {
  const { restore } = useTexts()
  const { backup, threshold, seats, mySeat, publicKey } = shown
  const others = seats.filter((_, i) => i + 1 !== (mySeat as number)).map(({ label }) => label)
  return (
    <Card>
      <Facts>
        {backup !== undefined && <Fact name={restore.name}>{backup.name}</Fact>}
        <Fact name={restore.address}>
          <span className="font-mono text-sm break-all" data-testid="address">
            {ethereumAddress(publicKey)}
          </span>
        </Fact>
        <Fact name={restore.policy}>{restore.ofParties(threshold, seats.length)}</Fact>
        <Fact name={restore.seat}>{restore.seatOf(mySeat, seats.length)}</Fact>
        <Fact name={restore.holders}>
          {others.every((label) => label === '') ? restore.unknownHolder : others.join(' · ')}
        </Fact>
        {backup !== undefined && <Fact name={restore.made}>{restore.date(new Date(backup.madeAtMs))}</Fact>}
      </Facts>
    </Card>
  )
}

function Keep({ opened }: { readonly opened: OpenedShareFile }) {
  const { create, restore } = useTexts()
  const commands = useCommands()
  const { backup, hasIdentity } = opened.shown
  const name = useRef<HTMLInputElement>(null)
  const passphrase = useNewPassphrase()
  const [nameError, setNameError] = useState<string>()
  const [isKeeping, setIsKeeping] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const label = backup?.name ?? visibleName(name.current?.value ?? '')
    setNameError(label === '' ? create.nameMissing : undefined)
    const isStrong = await passphrase.check()
    if (label === '' || !isStrong) {
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return
    }
    setIsKeeping(true)
    const kept = await commands.keepShare(opened, { name: label, passphrase: passphrase.take() })
    setIsKeeping(false)
    if (!kept.ok) {
      setFailure(kept.failure)
      return
    }
    toast(restore.done(kept.value.name))
    useOpenedFile.setState({ file: undefined })
    location.hash = hrefs.wallet(kept.value.walletId)
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
      <KeepingNotice />
      <Notice tone="warn">{hasIdentity ? restore.twice : restore.noIdentity}</Notice>
      <Card>
        <div className="grid gap-5">
          {backup === undefined && (
            <Field label={restore.name} error={nameError}>
              {(control) => <input {...control} ref={name} maxLength={60} autoComplete="off" />}
            </Field>
          )}
          <p>{restore.newPassphrase}</p>
          <NewPassphraseFields {...passphrase.fields} />
        </div>
      </Card>
      {isKeeping && <Notice role="status">{restore.keeping}</Notice>}
      {failure !== undefined && <FailureView failure={failure} kind="other" />}
      <Button type="submit" look="primary" className="justify-self-start" disabled={isKeeping || failure !== undefined}>
        {restore.keep}
      </Button>
    </form>
  )
}
