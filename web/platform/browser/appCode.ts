import { trustedAddress } from '../../../tss-wasm/trustedWorker.web.ts'
import { serviceWorkerPath } from '../../serviceWorker/manifest.ts'
import type { AppStatus, ToServiceWorker } from '../../serviceWorker/messages.ts'
import type { AppCode } from '../platform.ts'

const answerWithinMs = 60_000

export function browserAppCode(): AppCode {
  const { serviceWorker } = navigator as Partial<Navigator>
  let registering: Promise<ServiceWorkerRegistration | undefined> | undefined
  const registration = () =>
    (registering ??= Promise.resolve(
      serviceWorker?.register(trustedAddress(new URL(serviceWorkerPath, location.href).href)),
    )
      .then(() => serviceWorker?.ready)
      .catch(() => undefined)) // a browser that forbids it runs the app as the server sends it
  return {
    async status() {
      const active = (await registration())?.active
      return active ? ask<AppStatus>(active, { type: 'status' }) : undefined
    },
    async approve(contents) {
      const registered = await registration()
      await registered?.update()
      const next = await installed(registered)
      return next !== undefined && ask<boolean>(next, { type: 'approve', contents })
    },
  }
}

/** The newest service worker, once it has stored its whole build. */
async function installed(registration: ServiceWorkerRegistration | undefined): Promise<ServiceWorker | undefined> {
  const next = registration?.installing ?? registration?.waiting ?? registration?.active ?? undefined
  if (next === undefined) return undefined
  const stateOf = (): ServiceWorkerState => next.state
  while (stateOf() === 'installing') {
    await new Promise((resolve) => {
      next.addEventListener('statechange', resolve, { once: true })
    })
  }
  return stateOf() === 'redundant' ? undefined : next
}

async function ask<T>(worker: ServiceWorker, question: ToServiceWorker): Promise<T> {
  const { port1, port2 } = new MessageChannel()
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const timer = setTimeout(() => {
    reject(new Error('the service worker does not answer'))
  }, answerWithinMs)
  port1.onmessage = ({ data }: MessageEvent<T>) => {
    resolve(data)
  }
  worker.postMessage(question, [port2])
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    port1.close()
  }
}
