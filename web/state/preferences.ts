import { create } from 'zustand'
import type { Preferences } from '../platform/preferences.ts'

export const usePreferences = create<Preferences>(() => ({
  theme: 'system',
  lockAfterMinutes: 15,
  rpcUrl: '',
  esploraUrl: '',
  measured: {},
  backups: {},
}))
