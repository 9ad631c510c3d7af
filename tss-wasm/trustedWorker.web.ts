/** As far as it is used here; TypeScript's DOM does not know it yet, nor does every browser. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string }
}

/** The only addresses that become running code: files of this app's own origin. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('quorate-workers', {
  createScriptURL(address) {
    const { protocol, host } = new URL(address)
    if (protocol !== location.protocol || host !== location.host) throw new TypeError('a worker of another origin')
    return address
  },
})

/**
 * A worker under the page's Content-Security-Policy, which takes addresses of code from this one place only (Trusted Types).
 * Imported as `Worker`, by which name the bundler finds the files.
 */
export class TrustedWorker extends Worker {
  constructor({ href }: URL, options: WorkerOptions) {
    super(policy?.createScriptURL(href) ?? href, options)
  }
}
