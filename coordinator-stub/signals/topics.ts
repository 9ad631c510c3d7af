/** Who asks to be told of seats: the name of a server party, or a signing key in hex. */
export type Watcher = { readonly serverParty: string } | { readonly signingKey: string }

/** What can be waited for; one text each. */
export const topics = {
  /** Whichever session has changed. */
  anySession: 'any session',
  session: (sessionId: string) => `session ${sessionId}`,
  messages: (sessionId: string) => `messages ${sessionId}`,
  mailbox: (locator: string) => `mailbox ${locator}`,
  invitations: (watcher: Watcher) =>
    'serverParty' in watcher ? `invitations ${watcher.serverParty}` : `invitations to ${watcher.signingKey}`,
}
