/** A seat as a back-end named it. */
export interface Participant {
  readonly seat: number
  readonly party_id: string
  readonly type: 'user' | 'server'
}
