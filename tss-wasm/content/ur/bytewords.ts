import { uint32 } from '../../bytes.ts'

/** BCR-2020-012: 256 words of four letters, in the order of the bytes that they stand for. */
const words =
  'ableacidalsoapexaquaarchatomauntawayaxisbackbaldbarnbeltbetabiasbluebodybragbrewbulbbuzzcalmcashcatschefcityclawcodecolacookcostcruxcurlcuspcyandarkdatadaysdelidicedietdoordowndrawdropdrumdulldutyeacheasyechoedgeepicevenexamexiteyesfactfairfernfigsfilmfishfizzflapflewfluxfoxyfreefrogfuelfundgalagamegeargemsgiftgirlglowgoodgraygrimgurugushgyrohalfhanghardhawkheathelphighhillholyhopehornhutsicedideaidleinchinkyintoirisironitemjadejazzjoinjoltjowljudojugsjumpjunkjurykeepkenokeptkeyskickkilnkingkitekiwiknoblamblavalazyleaflegsliarlimplionlistlogoloudloveluaulucklungmainmanymathmazememomenumeowmildmintmissmonknailnavyneednewsnextnoonnotenumbobeyoboeomitonyxopenovalowlspaidpartpeckplaypluspoempoolposepuffpumapurrquadquizraceramprealredorichroadrockroofrubyruinrunsrustsafesagascarsetssilkskewslotsoapsolosongstubsurfswantacotasktaxitenttiedtimetinytoiltombtoystriptunatwinuglyundouniturgeuservastveryvetovialvibeviewvisavoidvowswallwandwarmwaspwavewaxywebswhatwhenwhizwolfworkyankyawnyellyogayurtzapszerozestzinczonezoom'
/** "Minimal": of each word the first and the last letter, which no other word has together. */
const codes = Array.from({ length: 256 }, (_, i) => words.charAt(4 * i) + words.charAt(4 * i + 3))
const byCode = new Map(codes.map((code, byte) => [code, byte]))
const checksumLength = 4

/** Bytes as letters that QR codes write densely, with a CRC-32 behind them. */
export function toBytewords(bytes: Uint8Array): string {
  return Array.from([...bytes, ...uint32(crc32(bytes))], (byte) => codes[byte]).join('')
}

/** In lower case. Undefined where the checksum does not fit, or a pair of letters stands for no word. */
export function fromBytewords(text: string): Uint8Array | undefined {
  const bytes = (text.match(/../g) ?? []).map((code) => byCode.get(code))
  if (2 * bytes.length !== text.length || bytes.length < checksumLength) return undefined
  if (!bytes.every((byte) => byte !== undefined)) return undefined
  const whole = Uint8Array.from(bytes)
  const body = whole.slice(0, -checksumLength)
  const checksum = uint32(crc32(body))
  return checksum.every((byte, i) => byte === whole[body.length + i]) ? body : undefined
}

/** Of IEEE 802.3, as zip has it: an unsigned integer of 32 bits. */
export function crc32(bytes: Uint8Array): number {
  let state = 0xffffffff
  for (const byte of bytes) {
    state ^= byte
    for (let bit = 0; bit < 8; bit += 1) state = (state >>> 1) ^ (state & 1 ? 0xedb88320 : 0)
  }
  return (state ^ 0xffffffff) >>> 0
}
