/**
 * A database's URL with its password percent-encoded, as URLs have to have it. People write passwords as they are, with
 * "/", "#", "@" or "%" in them; one that is encoded already stays as it is.
 * @param url postgres://user:password@host:port/database
 * @param password as it is; it takes the place of the URL's
 */
export function databaseUrl(url: string | undefined, password: string | undefined): string | undefined {
  // The host has no "@", so the last one ends the password.
  const [, scheme, user, written, rest] = /^(postgres(?:ql)?:\/\/)([^:@/]*)(?::(.*))?@([^@]*)$/.exec(url ?? '') ?? []
  if (scheme === undefined || user === undefined || rest === undefined) return url
  const secret = password ?? (written === undefined ? undefined : decoded(written))
  return secret === undefined ? url : `${scheme}${user}:${encodeURIComponent(secret)}@${rest}`
}

function decoded(password: string): string {
  if (/[^!$&'()*+,;=\w.~%-]/.test(password)) return password
  try {
    return decodeURIComponent(password)
  } catch {
    return password
  }
}
