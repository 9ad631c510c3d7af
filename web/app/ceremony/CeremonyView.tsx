import { useEffect, useState } from 'react'
import type { Step } from '../../jobs/ceremony.ts'
import { awaited, isPastCancelling, type Ceremony, type PartyView } from '../../state/ceremony.ts'
import { usePreferences } from '../../state/preferences.ts'
import { useComputingMs } from '../../state/speed.ts'
import { usePreparation } from '../../state/preparation.ts'
import { CheckCode } from './CheckCode.tsx'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card } from '../design/Card.tsx'
import { CheckIcon, DeviceIcon, PersonIcon, ServerIcon } from '../design/icons.tsx'
import { inWords } from '../texts/duration.ts'
import { Invitations } from './Invitations.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { partyName } from './partyName.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/useTexts.tsx'

const stepsOf: Readonly<Record<Ceremony['kind'], readonly Step[]>> = {
  create: ['preparing', 'joining', 'comparing', 'computing', 'storing', 'confirming'],
  sign: ['unlocking', 'joining', 'approving', 'computing', 'confirming'],
  reshare: ['unlocking', 'preparing', 'joining', 'comparing', 'computing', 'confirming'],
}

const titleOf: Readonly<Record<Ceremony['kind'], (texts: Texts['ceremony'], name: string) => string>> = {
  create: (texts, name) => texts.creating(name),
  sign: (texts, name) => texts.signing(name),
  reshare: (texts, name) => texts.resharing(name),
}

/** Rounds take a second or two: below this a party that has not been heard is not late. */
const silenceMs = 5000

/** A running ceremony: by step, by round and by party. */
export function CeremonyView({ ceremony }: { readonly ceremony: Ceremony }) {
  const texts = useTexts()
  const { cancel } = useCommands()
  const { kind, walletName, step } = ceremony
  const past = isPastCancelling(ceremony)
  return (
    <div className="grid gap-5" data-testid="ceremony" data-step={step}>
      <PageTitle takesFocus>{titleOf[kind](texts.ceremony, walletName)}</PageTitle>
      {step === 'joining' && ceremony.invitations !== undefined && (
        <Invitations invitations={ceremony.invitations} parties={ceremony.parties} />
      )}
      {step === 'comparing' && ceremony.checkCode !== undefined && ceremony.agreed !== undefined && (
        <CheckCode
          code={ceremony.checkCode}
          agreed={ceremony.agreed}
          mySeat={ceremony.parties.find(({ name }) => name === undefined)?.seat}
        />
      )}
      <Card>
        <Announcement ceremony={ceremony} />
        <Steps ceremony={ceremony} />
        <Times ceremony={ceremony} />
      </Card>
      <Card title={texts.ceremony.parties}>
        <Parties ceremony={ceremony} />
      </Card>
      <div className="flex flex-wrap items-center gap-4">
        <Button look="danger" disabled={past} onClick={cancel}>
          {texts.app.cancel}
        </Button>
        <p className="flex-1 text-sm text-muted">{past ? texts.ceremony.cancelNot : texts.ceremony.keepOpen}</p>
      </div>
    </div>
  )
}

/** For screen readers: the step and the round, not every message. */
function Announcement({ ceremony: { step, stage } }: { readonly ceremony: Ceremony }) {
  const { ceremony: texts } = useTexts()
  const part = step === 'computing' && stage !== undefined ? `, ${stageLabel(stage, texts)}` : ''
  return (
    <p role="status" className="sr-only">
      {texts.steps[step]}
      {part}
    </p>
  )
}

function Steps({ ceremony }: { readonly ceremony: Ceremony }) {
  const { ceremony: texts } = useTexts()
  const isAmongPeople = ceremony.checkCode !== undefined || ceremony.parties.some(({ isPerson }) => isPerson === true)
  const hasNoShare = ceremony.isInvited === true
  const steps = stepsOf[ceremony.kind].filter(
    (step) => (step !== 'comparing' || isAmongPeople) && (step !== 'unlocking' || !hasNoShare),
  )
  const at = steps.indexOf(ceremony.step)
  return (
    <ol aria-label={texts.stepsLabel} className="grid gap-1">
      {steps.map((step, i) => {
        const state = i < at ? 'done' : i === at ? 'current' : 'waiting'
        return (
          <li key={step} aria-current={state === 'current' ? 'step' : undefined} className="flex gap-3 py-1.5">
            <Mark state={state} number={i + 1} />
            <div className="min-w-0 flex-1">
              <p className={state === 'current' ? 'font-semibold' : state === 'done' ? '' : 'text-muted'}>
                {texts.steps[step]}
                <span className="sr-only">: {texts[state]}</span>
              </p>
              {state === 'current' && step === 'computing' && <Rounds ceremony={ceremony} />}
              {state === 'current' && step === 'preparing' && <Search />}
              {state === 'current' && <Awaited ceremony={ceremony} />}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function Mark({ state, number }: { readonly state: 'done' | 'current' | 'waiting'; readonly number: number }) {
  const look = {
    done: 'bg-accent text-on-accent',
    current: 'border-2 border-accent text-accent-strong motion-safe:animate-pulse',
    waiting: 'border border-line text-muted',
  }[state]
  return (
    <span
      aria-hidden="true"
      className={`flex size-7 shrink-0 items-center justify-center rounded-full text-sm ${look}`}
    >
      {state === 'done' ? <CheckIcon className="size-4" /> : number}
    </span>
  )
}

function Rounds({ ceremony: { stage } }: { readonly ceremony: Ceremony }) {
  const { ceremony: texts } = useTexts()
  const label = stage === undefined ? texts.current : stageLabel(stage, texts)
  return (
    <div className="mt-1.5 grid gap-1.5" data-testid="rounds">
      <progress value={stage?.index ?? 0} max={stage?.of ?? 1} aria-label={label} />
      <p className="text-sm text-muted">{label}</p>
    </div>
  )
}

/** Whom we wait for, and since when; while computing, once it is worth a word. */
function Awaited({ ceremony }: { readonly ceremony: Ceremony }) {
  const texts = useTexts()
  const { step, lastNewsMs } = ceremony
  const elapsed = useElapsed(lastNewsMs)
  const names = awaited(ceremony).map((party) => partyName(party, texts.app))
  if (names.length === 0 || (step === 'computing' && elapsed < silenceMs)) return null
  const { waitingFor } = texts.ceremony
  return (
    <p className="text-sm text-muted" data-testid="awaited">
      {waitingFor(texts.app.and(names), inWords(elapsed, texts), new Date(lastNewsMs))}
    </p>
  )
}

function stageLabel({ index, of, name }: NonNullable<Ceremony['stage']>, texts: Texts['ceremony']): string {
  return texts.stage(index + 1, of, texts.stages[name] ?? name)
}

function Search() {
  const texts = useTexts()
  const preparation = usePreparation()
  if (preparation.state !== 'searching') return null
  const found = preparation.progress?.found ?? 0
  const remaining = preparation.progress?.expectedRemainingMs
  return (
    <div className="mt-1.5 grid gap-1.5">
      <progress value={found} max={4} aria-label={texts.ceremony.search(found)} />
      <p className="text-sm text-muted">
        {texts.ceremony.search(found)} {remaining !== undefined && texts.ceremony.searchTime(inWords(remaining, texts))}
      </p>
    </div>
  )
}

/** What is known: how long it has been, how long it took the last time, of people nothing. No bar pretends to know the rest. */
function Times({ ceremony }: { readonly ceremony: Ceremony }) {
  const texts = useTexts()
  const { kind, step, startedAtMs } = ceremony
  const measured = usePreferences((state) => state.measured[kind])
  const elapsed = useElapsed(startedAtMs)
  const isUpToPeople = step === 'comparing' || awaited(ceremony).some(({ isPerson }) => isPerson === true)
  const computing = useComputingMs(kind, ceremony.parties.length)
  const expectation =
    measured !== undefined
      ? texts.ceremony.measured(inWords(measured, texts))
      : computing !== undefined
        ? texts.ceremony.expected(inWords(computing, texts))
        : texts.ceremony.unmeasured
  return (
    <p className="mt-3 border-t border-line pt-3 text-sm text-muted">
      {texts.ceremony.elapsed(inWords(elapsed, texts))} {!isUpToPeople && expectation}
    </p>
  )
}

function useElapsed(sinceMs: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now())
    }, 1000)
    return () => {
      clearInterval(timer)
    }
  }, [])
  return now - sinceMs
}

function Parties({ ceremony }: { readonly ceremony: Ceremony }) {
  const { ceremony: texts } = useTexts()
  return (
    <table className="w-full text-left">
      <thead className="text-sm text-muted">
        <tr>
          <th scope="col" className="pb-2 font-medium">
            {texts.party}
          </th>
          <th scope="col" className="pb-2 font-medium">
            {texts.state}
          </th>
          <th scope="col" className="pb-2 text-right font-medium">
            {texts.messages}
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line border-t border-line">
        {ceremony.parties.map((party) => (
          <PartyRow key={party.seat} party={party} step={ceremony.step} />
        ))}
      </tbody>
    </table>
  )
}

function PartyRow({ party, step }: { readonly party: PartyView; readonly step: Step }) {
  const { app, ceremony: texts } = useTexts()
  const mine = party.name === undefined
  const Icon = mine ? DeviceIcon : party.isPerson === true ? PersonIcon : ServerIcon
  const stopped = party.presence === 'failed'
  const state = mine && (step === 'preparing' || step === 'unlocking') ? texts.current : texts.presence[party.presence]
  return (
    <tr data-testid={`party-${party.seat}`} data-presence={party.presence}>
      <th scope="row" className="py-2.5 pr-3 font-medium">
        <span className="flex items-center gap-2.5">
          <Icon className="size-5 text-muted" />
          {partyName(party, app)}
        </span>
      </th>
      <td className={`py-2.5 pr-3 ${stopped ? 'font-medium text-bad' : ''}`}>
        {state}
        {party.unheardSinceMs !== undefined && <Unheard sinceMs={party.unheardSinceMs} />}
      </td>
      <td className="py-2.5 text-right tabular-nums">{mine ? '' : party.received}</td>
    </tr>
  )
}

/** It waits, or computes, as far as we know; but its device may sleep, or have no network. */
function Unheard({ sinceMs }: { readonly sinceMs: number }) {
  const texts = useTexts()
  const elapsed = useElapsed(sinceMs)
  return (
    <p className="text-sm text-muted" data-testid="unheard">
      {texts.ceremony.unheard(new Date(sinceMs), inWords(elapsed, texts))}
    </p>
  )
}
