import { readFile, writeFile } from 'node:fs/promises'
import type { BrowserWindow, Rectangle } from 'electron'
import { z } from 'zod'

const stateSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(380).max(20_000),
  height: z.int().min(560).max(20_000),
  maximized: z.boolean(),
})
export type WindowState = z.infer<typeof stateSchema>

/** Where the window was, unless that is no longer on any screen. A lost or damaged file is ignored. */
export async function loadWindowState(file: string, screens: readonly Rectangle[]): Promise<WindowState | undefined> {
  try {
    const state = stateSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    return screens.some((screen) => reaches(screen, state)) ? state : undefined
  } catch {
    return undefined
  }
}

/** Enough of the title bar to take hold of it. */
function reaches(screen: Rectangle, { x, y, width }: WindowState): boolean {
  const shown = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x)
  return shown >= 100 && y >= screen.y && y < screen.y + screen.height - 40
}

export function rememberWindowState(
  window: Pick<BrowserWindow, 'on' | 'getNormalBounds' | 'isMaximized'>,
  file: string,
): void {
  window.on('close', () => {
    const state: WindowState = { ...window.getNormalBounds(), maximized: window.isMaximized() }
    void writeFile(file, JSON.stringify(state), { mode: 0o600 }).catch(() => undefined) // losing it costs nothing
  })
}
