import { isName } from '../../../tss-wasm/identity/walletName.ts'
import type { BackupNote, GuardiansNote, Preferences, PreferenceStore } from '../preferences.ts'

const place = 'quorate.preferences'
const themes = ['system', 'light', 'dark'] as const
const languages = ['en', 'zh-Hant', 'zh-Hans'] as const

export const browserPreferences: PreferenceStore = {
  load() {
    try {
      return decode(JSON.parse(localStorage.getItem(place) ?? '{}'))
    } catch {
      return decode({})
    }
  },
  save(preferences) {
    try {
      localStorage.setItem(place, JSON.stringify(preferences))
    } catch {
      // a browser that forbids it still shows the app
    }
  },
}

function decode(value: unknown): Preferences {
  const {
    theme,
    name,
    language,
    lockAfterMinutes,
    rpcUrl,
    esploraUrl,
    lastNetwork,
    recipients,
    coordinator,
    measured,
    backups,
    rules,
  } = isRecord(value) ? value : {}
  const { create, sign, reshare } = isRecord(measured) ? measured : {}
  return {
    theme: themes.find((known) => known === theme) ?? 'system',
    name: typeof name === 'string' && isName(name) ? name : '',
    language: languages.find((known) => known === language),
    lockAfterMinutes: typeof lockAfterMinutes === 'number' && lockAfterMinutes >= 0 ? lockAfterMinutes : 15,
    rpcUrl: typeof rpcUrl === 'string' ? rpcUrl : '',
    esploraUrl: typeof esploraUrl === 'string' ? esploraUrl : '',
    lastNetwork: typeof lastNetwork === 'string' && /^\d{1,19}$/.test(lastNetwork) ? lastNetwork : '',
    recipients: Array.isArray(recipients) ? recipients.filter(isAddress).slice(0, mostRecipients) : [],
    coordinator: typeof coordinator === 'string' && URL.parse(coordinator)?.origin === coordinator ? coordinator : '',
    measured: {
      ...(typeof create === 'number' && create > 0 ? { create } : {}),
      ...(typeof sign === 'number' && sign > 0 ? { sign } : {}),
      ...(typeof reshare === 'number' && reshare > 0 ? { reshare } : {}),
    },
    backups: Object.fromEntries(
      Object.entries(isRecord(backups) ? backups : {}).map(([walletId, note]) => [walletId, decodeNote(note)]),
    ),
    rules: Object.fromEntries(
      Object.entries(isRecord(rules) ? rules : {}).flatMap(([name, made]) =>
        typeof made === 'number' && made > 0 ? [[name, made]] : [],
      ),
    ),
  }
}

/** How many recipients are remembered. */
const mostRecipients = 10

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)
}

function decodeNote(value: unknown): BackupNote {
  const { madeAtMs, checkedAtMs, guardians } = isRecord(value) ? value : {}
  const known = decodeGuardians(guardians)
  return { madeAtMs: time(madeAtMs), checkedAtMs: time(checkedAtMs), ...(known && { guardians: known }) }
}

function time(given: unknown): number | undefined {
  return typeof given === 'number' && given > 0 ? given : undefined
}

function decodeGuardians(value: unknown): GuardiansNote | undefined {
  const { recipient, needed, names, madeAtMs, sealedAtMs, checkedAtMs } = isRecord(value) ? value : {}
  const [made, sealed] = [time(madeAtMs), time(sealedAtMs)]
  if (typeof recipient !== 'string' || !/^age1[0-9a-z]{58}$/.test(recipient)) return undefined
  if (typeof needed !== 'number' || !Array.isArray(names) || made === undefined || sealed === undefined)
    return undefined
  const called = (names as readonly unknown[]).filter((name) => typeof name === 'string')
  return { recipient, needed, names: called, madeAtMs: made, sealedAtMs: sealed, checkedAtMs: time(checkedAtMs) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
