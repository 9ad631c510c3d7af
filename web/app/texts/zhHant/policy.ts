import { brokenInWords, explainPolicy } from '../../../../tss-wasm/policy/explain.ts'
import { timeText, type WorkingHours } from '../../../../tss-wasm/policy/hours.ts'
import type { PolicyWords } from '../../../../tss-wasm/policy/words.ts'
import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const { moment } = localeOf('zh-Hant')

const dayNames = { Mon: '週一', Tue: '週二', Wed: '週三', Thu: '週四', Fri: '週五', Sat: '週六', Sun: '週日' }
const hoursText = ({ days, from, until, timeZone }: WorkingHours) =>
  `${days.map((day) => dayNames[day]).join('、')}，${timeText(from)} 至 ${timeText(until)}（${timeZone}）`

const words: PolicyWords = {
  coin: '該網路的幣',
  broken: {
    messages: () => '不簽訊息',
    'typed-data': () => '不簽型別化資料',
    delegations: () => '不簽把帳戶交給合約的授權（EIP-7702）',
    'raw-digest': () => '不簽原始摘要：沒有人看得出它代表什麼',
    bitcoin: () => '不簽比特幣付款',
    data: () => '不呼叫合約',
    'create-contracts': () => '不建立合約',
    'unproven-inputs': () => 'PSBT 須包含其輸入所花費的交易',
    'signatures-an-hour': ({ most }) => `每小時最多簽署 ${most} 次，已達上限`,
    chain: ({ chainId }) => `不在鏈 ${chainId} 上簽署`,
    destination: ({ address }) => (address === undefined ? '不付給沒有地址的輸出' : `不付給 ${address}`),
    'most-each': ({ most, wanted }, amount) => `每筆最多 ${amount(most)}，這一筆可能花費 ${amount(wanted)}`,
    'most-a-day': ({ most, spent, wanted }, amount) =>
      `每天最多 ${amount(most)}：已用 ${amount(spent)}，這一筆可能花費 ${amount(wanted)}`,
    'token-call': ({ symbol }) => `對 ${symbol} 的合約只簽普通的轉帳和授權`,
    asker: () => '這個成員不能請求簽署',
    objected: () => '有成員反對',
    withheld: () => '有成員的話還沒有送到，在那之前不簽',
    operator: () => '在其營運者同意請求之前不簽',
    'signatures-of-asker': ({ most }) => `請求的人每小時最多簽署 ${most} 次`,
    'most-each-of-asker': ({ most, wanted }, amount) =>
      `請求的人每筆最多 ${amount(most)}，這一筆可能花費 ${amount(wanted)}`,
    'most-a-day-of-asker': ({ most, spent, wanted }, amount) =>
      `請求的人每天最多 ${amount(most)}：已用 ${amount(spent)}，這一筆可能花費 ${amount(wanted)}`,
    hours: ({ hours }) => `不在它簽署的時間內：${hoursText(hours)}`,
    waits: ({ above, hours }, amount) => `超過 ${amount(above)} 的，作為請求等待 ${hours} 小時，任何成員都可以反對`,
    approvals: ({ least }) => `至少要有 ${least} 個成員同意`,
  },
  perHour: (most) => `每個錢包每小時最多簽署 ${most} 次。`,
  signs: (what) => `它簽${what}。`,
  signsNot: (what) => `它不簽${what}。`,
  kinds: {
    messages: '訊息',
    typedData: '型別化資料（EIP-712）：轉移代幣的訂單和許可屬於此類',
    delegations: '把帳戶交給合約程式碼的授權（EIP-7702）',
    rawDigest: '原始摘要：沒有人看得出它代表什麼',
  },
  anyTransaction: '它在所有以太坊類網路上簽任何交易，沒有限額。',
  noTransaction: '它不簽以太坊交易。',
  anyPayment: '它簽任何比特幣付款，沒有限額。',
  noPayment: '它不簽比特幣付款。',
  bitcoin: '比特幣',
  chain: (id, name) => (name === undefined ? `鏈 ${id}` : `${name}（鏈 ${id}）`),
  of: (what, rules) => `${what}：${rules.join('；')}。`,
  paysAnybody: '可付給任何人',
  paysNobody: '不付給任何人',
  paysOnly: (addresses) => `只付給 ${addresses.join('、')}`,
  each: (most) => (most === undefined ? '單筆不限額' : `單筆最多 ${most}`),
  aDay: (most) => (most === undefined ? '每天不限額' : `24 小時內最多 ${most}`),
  limits: (each, aDay) => `${each}，${aDay}，包含手續費`,
  waits: (above, hours) => `超過 ${above} 的等待 ${hours} 小時，任何成員都可以反對`,
  token: (symbol) => `${symbol} 的普通轉帳和授權`,
  membersOnly: (fingerprints) => `只有這些成員可以請求簽署：${fingerprints.join('；') || '無'}。`,
  member: (fingerprint, limits) => `由 ${fingerprint} 請求時：${limits.join('；')}。`,
  ofMember: (most) => `每小時最多簽署 ${most} 次`,
  hours: (hours) => `簽署時間：${hoursText(hours)}。`,
  leastApprovals: (least) => `至少要有 ${least} 個其他成員同意，它才簽署。`,
  operatorApproves: '它只簽署其營運者同意過的請求。',
  calls: '可以呼叫合約，由此轉移的代幣不計入限額',
  callsNot: '不能呼叫合約',
  creates: '可以建立合約',
  createsNot: '不能建立合約',
  resharesNever: '它從不製作新的錢包分片。',
  resharesSame: '它只為相同的成員製作新的錢包分片。',
  resharesLower: (agreeing) => `有 ${agreeing} 個成員同意時，它為其他成員製作新的分片，也可以降低簽署所需的人數。`,
  resharesAny: (agreeing) => `有 ${agreeing} 個成員同意時，它為其他成員製作新的分片，但不降低簽署所需的人數。`,
  resharesAfter: (hours) => `首次被要求更換成員之後，它等待 ${hours} 小時才同意。`,
  resharesADay: (most) => `它在 24 小時內最多為一個錢包製作 ${most} 次新分片。`,
  renews: (days) => `分片滿 ${days} 天後，它會提議更新。`,
}

export const policy: Texts['policy'] = {
  title: '伺服器的規則',
  lead: '伺服器按其營運者寫下的規則作決定。以下內容由它簽署。',
  untold: '它還沒有告知規則。',
  toldAt: (when) => `告知於 ${moment(when)}。`,
  stale: (name, when) => `這些規則是 ${moment(when)} 的，${name} 之後沒有再確認，現在可能已經不同。`,
  notItsWord: (name) => `顯示為 ${name} 的規則的內容並非出自它`,
  notItsWordText: '協調伺服器可能給出了舊的規則，或別人的規則。這些內容不予採信。',
  willRefuse: (name, rule) => `${name} 會拒絕：${rule}`,
  willWait: (name, rule) => `${name} 不會馬上簽署：${rule}`,
  mayRefuse: (name) => `${name} 可能拒絕：它今天簽署太多，沒有說明還剩多少額度。`,
  explain: (rules) => explainPolicy(rules, words),
  broken: (rule) => brokenInWords(rule, words),
}
