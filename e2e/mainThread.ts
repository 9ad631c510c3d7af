import type { Browser, Page } from '@playwright/test'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds on the clock, and of processor time. */
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/**
 * Watches the page's main thread. Processor time is what the page itself took: on a machine that shares two cores with
 * other parties the clock would also count waiting for a core.
 */
export async function watchMainThread(browser: Browser, page: Page): Promise<{ longestTaskMs(): Promise<number> }> {
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] })
  return {
    async longestTaskMs() {
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
      const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      const tasks = traceEvents.filter(
        ({ name, pid, tid, tdur }) =>
          name.endsWith('RunTask') && tdur !== undefined && mains.some((main) => main.pid === pid && main.tid === tid),
      )
      if (tasks.length === 0) throw new Error('the trace holds no task of the main thread')
      return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000
    },
  }
}
