import type { PartyView } from '../../state/ceremony.ts'
import type { Texts } from '../texts/en.ts'

export function partyName({ seat, name }: Pick<PartyView, 'seat' | 'name'>, app: Texts['app']): string {
  return name === undefined ? app.thisDevice : name || app.party(seat)
}
