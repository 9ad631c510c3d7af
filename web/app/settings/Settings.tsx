import { useEffect, useState } from 'react'
import { fingerprint } from '../../../tss-wasm/identity/identity.ts'
import type { Theme } from '../../platform/preferences.ts'
import { usePreferences } from '../../state/preferences.ts'
import { usePreparation } from '../../state/preparation.ts'
import { useServerParties } from '../../state/serverParties.ts'
import { useWallets } from '../../state/wallets.ts'
import { toast } from '../../state/toasts.ts'
import type { Diagnosis } from '../commands/commands.ts'
import { useCommands } from '../commands/useCommands.ts'
import { Button } from '../design/Button.tsx'
import { Card, Fact, Facts } from '../design/Card.tsx'
import { Field } from '../design/Field.tsx'
import { CoordinatorSetting } from './CoordinatorSetting.tsx'
import { LanguageChoice } from './LanguageChoice.tsx'
import { MyNameCard } from './MyName.tsx'
import { Notifying } from './Notifying.tsx'
import { NodeSetting } from './NodeSetting.tsx'
import { PageTitle } from '../design/PageTitle.tsx'
import { useTexts } from '../texts/useTexts.tsx'

const themes: readonly Theme[] = ['system', 'light', 'dark']
const protocol = 'quorate/3 · CGGMP24, GG18 (tss-lib v2), secp256k1'

export default function Settings() {
  const { settings } = useTexts()
  return (
    <div className="grid gap-5">
      <PageTitle>{settings.title}</PageTitle>
      <MyNameCard />
      <Appearance />
      <Locking />
      <CoordinatorSetting />
      <Notifying />
      <NodeSetting />
      <Device />
      <Servers />
    </div>
  )
}

function Appearance() {
  const { theme: texts } = useTexts()
  const theme = usePreferences((state) => state.theme)
  const commands = useCommands()
  return (
    <Card>
      <div className="grid gap-5 sm:grid-cols-2">
        <LanguageChoice />
        <Field label={texts.label}>
          {({ className, ...control }) => (
            <select
              {...control}
              className={className}
              value={theme}
              onChange={({ target }) => {
                commands.prefer({ theme: themes.find((known) => known === target.value) ?? 'system' })
              }}
            >
              {themes.map((value) => (
                <option key={value} value={value}>
                  {texts[value]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </Card>
  )
}

const lockTimes = [5, 15, 60, 0] as const

function Locking() {
  const texts = useTexts()
  const { settings } = texts
  const minutes = usePreferences((state) => state.lockAfterMinutes)
  const commands = useCommands()
  return (
    <Card>
      <Field label={settings.lockAfter} hint={settings.lockHint}>
        {({ className, ...control }) => (
          <select
            {...control}
            className={`${className} sm:max-w-72`}
            value={minutes}
            onChange={({ target }) => {
              commands.prefer({ lockAfterMinutes: Number(target.value) })
            }}
          >
            {lockTimes.map((time) => (
              <option key={time} value={time}>
                {time === 0 ? settings.lockNever : texts.duration.minutes(time)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </Card>
  )
}

function Device() {
  const { settings } = useTexts()
  const commands = useCommands()
  const [diagnosis, setDiagnosis] = useState<Diagnosis>()
  useEffect(() => {
    let shown = true
    void commands.diagnose().then(
      (found) => {
        if (shown) setDiagnosis(found)
      },
      () => {
        if (shown)
          setDiagnosis({
            fingerprint: undefined,
            kernel: undefined,
            persistent: false,
            version: undefined,
            lacking: [],
          })
      },
    )
    return () => {
      shown = false
    }
  }, [commands])
  const persist = async () => {
    const persistent = await commands.persist()
    if (!persistent) toast(settings.persistRefused)
    setDiagnosis((known) => known && { ...known, persistent })
  }
  const kernel = diagnosis?.kernel
  return (
    <Card title={settings.device}>
      <Facts>
        <Fact name={settings.fingerprint}>
          <p className="font-mono" data-testid="fingerprint">
            {diagnosis === undefined ? '…' : (diagnosis.fingerprint ?? settings.unknown)}
          </p>
          <p className="text-sm text-muted">{settings.fingerprintHint}</p>
        </Fact>
        <RestoredIdentities />
        <Fact name={settings.stock}>
          <Stock />
          <p className="text-sm text-muted">{settings.stockHint}</p>
        </Fact>
        <Fact name={settings.storage}>
          <p>{diagnosis === undefined ? '…' : diagnosis.persistent ? settings.persistent : settings.evictable}</p>
          {diagnosis?.persistent === false && (
            <Button className="mt-2 text-sm" onClick={() => void persist()}>
              {settings.persist}
            </Button>
          )}
        </Fact>
        <Fact name={settings.kernel}>
          <span data-testid="kernel" data-kernel={kernel}>
            {diagnosis === undefined ? '…' : kernel === undefined ? settings.unknown : settings.kernels[kernel]}
          </span>
        </Fact>
        {diagnosis !== undefined && diagnosis.lacking.length > 0 && (
          <Fact name={settings.lacking}>
            <p data-testid="lacking">{diagnosis.lacking.join(', ')}</p>
            <p className="text-sm text-muted">{settings.lackingHint}</p>
          </Fact>
        )}
        <Fact name={settings.protocol}>{protocol}</Fact>
        <Fact name={settings.version}>{diagnosis === undefined ? '…' : (diagnosis.version ?? settings.unknown)}</Fact>
      </Facts>
    </Card>
  )
}

/** Restored wallets brought an identity of their own: by that their members know us, not by that of this device. */
function RestoredIdentities() {
  const { names } = useTexts()
  const wallets = useWallets()
  const restored =
    wallets.status === 'ready' ? wallets.records.filter(({ sealedIdentity }) => sealedIdentity !== undefined) : []
  return restored.map(({ walletId, name, seats, mySeat }) => {
    const mine = seats.find(({ seat }) => seat === mySeat)
    return (
      mine && (
        <Fact key={walletId} name={names.inWallet(name)}>
          <p className="font-mono" data-testid="restored-fingerprint">
            {fingerprint(mine)}
          </p>
          <p className="text-sm text-muted">{names.inWalletHint}</p>
        </Fact>
      )
    )
  })
}

function Stock() {
  const { settings } = useTexts()
  const commands = useCommands()
  const preparation = usePreparation()
  switch (preparation.state) {
    case 'ready':
      return (
        <p data-testid="stock" data-sets={preparation.sets}>
          {settings.stockReady(preparation.sets)}
        </p>
      )
    case 'searching':
      return <p data-testid="stock">{settings.stockSearching(preparation.progress?.found ?? 0)}</p>
    case 'failed':
    case 'unknown':
      return (
        <>
          <p data-testid="stock">{preparation.state === 'failed' ? settings.stockFailed : settings.stockUnknown}</p>
          <Button className="my-2 text-sm" onClick={() => void commands.prepare()}>
            {settings.stockMake}
          </Button>
        </>
      )
  }
}

function Servers() {
  const { names, settings } = useTexts()
  const servers = useServerParties()
  if (servers.status !== 'ready' || servers.parties.length === 0) return null
  return (
    <Card title={settings.servers}>
      <Facts>
        {servers.parties.map(({ name, label = name, operator, identity }) => (
          <Fact key={name} name={label}>
            {operator !== undefined && <span className="block">{names.runBy(operator)}</span>}
            <span className="font-mono">{fingerprint(identity)}</span>
          </Fact>
        ))}
      </Facts>
      <p className="mt-3 text-sm text-muted">{settings.serversHint}</p>
    </Card>
  )
}
