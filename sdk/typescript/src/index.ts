export {
  type Account,
  type AuditEntry,
  Client,
  type Config,
  type NewWallet,
  type OrderedSession,
  type Session,
  type Signature,
  type Signing,
} from './client.ts'
export { BadShare, NotVouched, Refused, SessionEnded, Unreachable } from './errors.ts'
export { type Content, type User, UserKey } from './user.ts'
