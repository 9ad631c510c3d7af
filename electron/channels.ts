import type { Outcome } from '../tss-wasm/failure.ts'
import type { DesktopBridge } from '../web/platform/desktop/bridge.ts'

export type Call = Exclude<keyof DesktopBridge, 'onEvent'>

/** What a call answers when it goes well. */
export type Answer<C extends Call> = Awaited<ReturnType<DesktopBridge[C]>> extends Outcome<infer T> ? T : never

/** One name per call, the same in preload and main. */
export const channels: Readonly<Record<Call, string>> = {
  listWallets: 'quorate:list-wallets',
  putPending: 'quorate:put-pending',
  settle: 'quorate:settle',
  replaceShare: 'quorate:replace-share',
  epochs: 'quorate:epochs',
  installation: 'quorate:installation',
  prepared: 'quorate:prepared',
  announce: 'quorate:announce',
}

/** The only way from main to the page. */
export const eventChannel = 'quorate:event'
