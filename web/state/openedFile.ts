import { create } from 'zustand'

/** A backup that the person opened with the desktop app, on its way to the screen that restores it. Encrypted. */
export const useOpenedFile = create<{ readonly file: File | undefined }>(() => ({ file: undefined }))
