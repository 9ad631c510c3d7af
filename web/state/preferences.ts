import { create } from 'zustand'
import type { Preferences } from '../platform/preferences.ts'

export const usePreferences = create<Preferences>(() => ({
  theme: 'system',
  name: '',
  lockAfterMinutes: 15,
  rpcUrl: '',
  esploraUrl: '',
  lastNetwork: '',
  recipients: [],
  coordinator: '',
  measured: {},
  backups: {},
  rules: {},
}))
