/** As far as it is used here; TypeScript's DOM does not know it yet, nor does every browser. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string }
}

type Policy = ReturnType<TrustedTypes['createPolicy']>

const key = Symbol.for('quorate-workers')
const scope = globalThis as { trustedTypes?: TrustedTypes; [key]?: Policy | undefined }

/**
 * The only addresses that become running code: files of this app's own origin. An engine may evaluate this module twice, as
 * entry and as a part of another chunk, and refuses a second policy of one name: the first one serves both.
 */
const policy = (scope[key] ??= scope.trustedTypes?.createPolicy('quorate-workers', {
  createScriptURL(address) {
    const { protocol, host } = new URL(address)
    if (protocol !== location.protocol || host !== location.host) throw new TypeError('a worker of another origin')
    return address
  },
}))

/** An address of the page's own origin, in the form in which it may become running code. */
export function trustedAddress(href: string): string {
  return policy?.createScriptURL(href) ?? href
}

/**
 * A worker under the page's Content-Security-Policy, which takes addresses of code from this one place only (Trusted Types).
 * Imported as `Worker`, by which name the bundler finds the files.
 */
export class TrustedWorker extends Worker {
  constructor({ href }: URL, options: WorkerOptions) {
    super(trustedAddress(href), options)
  }
}
