import { withoutHidden } from '../../../tss-wasm/content/visibleText.ts'

/** tss-wasm/requests/request.ts, `longestNote`: that module is not needed here. */
export const longestWords = 280

/** As members read it: on one line, with nothing hidden in it. */
export function oneLine(typed: string): string {
  return withoutHidden(typed).slice(0, longestWords).trim()
}
