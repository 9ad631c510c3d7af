/**
 * Where a new share stands that has not been settled: what we have stored, and what the coordinator shows of its session as
 * far as signatures bear it out. Each field is a column of the table in SPEC 8.2.
 */
export interface Situation {
  readonly share: 'none' | 'stored'
  /** Our confirmation may have left us, as we wrote down before it did. */
  readonly mayHaveLeft: boolean
  /**
   * forgot: it knows no such session, or has not been reached for so long that nothing is to be expected of it. silent: it
   * cannot be asked now.
   */
  readonly coordinator: 'answers' | 'forgot' | 'silent'
  /** The run can still be confirmed by everybody in time: by the coordinator's word and by our own clock. */
  readonly isLive: boolean
  /** Our confirmation, as the coordinator shows it. sent: we have just sent it, and it is not shown yet. */
  readonly ours: 'missing' | 'sent' | 'there'
  /** There are confirmations of all n, ours as we have stored it; they verify and agree. */
  readonly allConfirmed: boolean
  /** Another party has signed that it never will confirm; long ago: more than 30 days after we stored the share. */
  readonly withdrawn: 'no' | 'lately' | 'long ago'
}

/**
 * - withdraw: sign that we have not confirmed and never will, hand that in, discard the share
 * - mark and send: store that our confirmation may have left, then send it; look again
 * - send: send our confirmation again; look again
 * - activate: the wallet is one
 * - discard: the share, if there is one, goes; nothing is sent
 * - wait: the share stays, unused; ask again later
 */
export type Action = 'withdraw' | 'mark and send' | 'send' | 'activate' | 'discard' | 'wait'

/**
 * What to do about a share that is pending (SPEC 8.2, row by row). A share goes only if our confirmation has never left, so
 * that nobody can have all n, or if another party has signed that its confirmation never will.
 */
export function decide(now: Situation): Action {
  if (now.coordinator !== 'answers') {
    // A coordinator that has forgotten the session carries no withdrawal either.
    return now.coordinator === 'forgot' && !now.mayHaveLeft && !now.isLive ? 'discard' : 'wait'
  }
  if (!now.mayHaveLeft) return now.share === 'stored' && now.isLive ? 'mark and send' : 'withdraw'
  // It left and got lost: without it the others never know. Late is better than never, and takes nothing from anybody.
  if (now.share === 'stored' && now.ours === 'missing') return 'send'
  if (now.allConfirmed) return now.share === 'stored' && now.ours === 'there' ? 'activate' : 'wait'
  return !now.isLive && now.withdrawn === 'long ago' ? 'discard' : 'wait'
}
