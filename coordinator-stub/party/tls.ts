import { readFile } from 'node:fs/promises'
import type { SecureClientSessionOptions } from 'node:http2'

/** Files, PEM. */
export interface PartyTlsFiles {
  /** Who signed the coordinator's certificate; undefined: the authorities that Node knows. */
  readonly ca?: string | undefined
  /** Our own, where the coordinator asks for one (its TLS_CLIENT_CA). */
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** How a party speaks to its coordinator. @throws Error saying which flag is wrong */
export async function partyTls(
  coordinator: string,
  { ca, cert, key }: PartyTlsFiles,
): Promise<SecureClientSessionOptions> {
  const { protocol } = URL.parse(coordinator) ?? {}
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new Error('--coordinator must be an http:// or https:// address')
  if ((cert === undefined) !== (key === undefined)) throw new Error('--cert and --key must be given together')
  const isGiven = ca !== undefined || cert !== undefined
  if (protocol === 'http:') {
    if (isGiven) throw new Error('--ca, --cert and --key need a --coordinator that starts with https://')
    return {}
  }
  const read = async (flag: string, path: string | undefined) =>
    path === undefined
      ? undefined
      : readFile(path).catch(() => {
          throw new Error(`${flag}: ${path} cannot be read`)
        })
  const files = { ca: await read('--ca', ca), cert: await read('--cert', cert), key: await read('--key', key) }
  const given = Object.fromEntries(Object.entries(files).filter(([, content]) => content !== undefined))
  return { minVersion: 'TLSv1.3', ...given }
}
