import { brokenInWords, explainPolicy } from '../../../../tss-wasm/policy/explain.ts'
import { timeText, type WorkingHours } from '../../../../tss-wasm/policy/hours.ts'
import type { PolicyWords } from '../../../../tss-wasm/policy/words.ts'
import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const { moment } = localeOf('zh-Hans')

const dayNames = { Mon: '周一', Tue: '周二', Wed: '周三', Thu: '周四', Fri: '周五', Sat: '周六', Sun: '周日' }
const hoursText = ({ days, from, until, timeZone }: WorkingHours) =>
  `${days.map((day) => dayNames[day]).join('、')}，${timeText(from)} 至 ${timeText(until)}（${timeZone}）`

const words: PolicyWords = {
  coin: '该网络的币',
  broken: {
    messages: () => '不签消息',
    'typed-data': () => '不签类型化数据',
    delegations: () => '不签把账户交给合约的授权（EIP-7702）',
    'raw-digest': () => '不签原始摘要：没有人看得出它代表什么',
    bitcoin: () => '不签比特币付款',
    data: () => '不调用合约',
    'create-contracts': () => '不创建合约',
    'unproven-inputs': () => 'PSBT 须包含其输入所花费的交易',
    'signatures-an-hour': ({ most }) => `每小时最多签名 ${most} 次，已达上限`,
    chain: ({ chainId }) => `不在链 ${chainId} 上签名`,
    destination: ({ address }) => (address === undefined ? '不付给没有地址的输出' : `不付给 ${address}`),
    'most-each': ({ most, wanted }, amount) => `每笔最多 ${amount(most)}，这一笔可能花费 ${amount(wanted)}`,
    'most-a-day': ({ most, spent, wanted }, amount) =>
      `每天最多 ${amount(most)}：已用 ${amount(spent)}，这一笔可能花费 ${amount(wanted)}`,
    'token-call': ({ symbol }) => `对 ${symbol} 的合约只签普通的转账和授权`,
    asker: () => '这个成员不能请求签名',
    objected: () => '有成员反对',
    withheld: () => '有成员的话还没有送到，在那之前不签',
    operator: () => '在其运营者同意请求之前不签',
    'signatures-of-asker': ({ most }) => `请求的人每小时最多签名 ${most} 次`,
    'most-each-of-asker': ({ most, wanted }, amount) =>
      `请求的人每笔最多 ${amount(most)}，这一笔可能花费 ${amount(wanted)}`,
    'most-a-day-of-asker': ({ most, spent, wanted }, amount) =>
      `请求的人每天最多 ${amount(most)}：已用 ${amount(spent)}，这一笔可能花费 ${amount(wanted)}`,
    hours: ({ hours }) => `不在它签名的时间内：${hoursText(hours)}`,
    waits: ({ above, hours }, amount) => `超过 ${amount(above)} 的，作为请求等待 ${hours} 小时，任何成员都可以反对`,
    approvals: ({ least }) => `至少要有 ${least} 个成员同意`,
  },
  perHour: (most) => `每个钱包每小时最多签名 ${most} 次。`,
  signs: (what) => `它签${what}。`,
  signsNot: (what) => `它不签${what}。`,
  kinds: {
    messages: '消息',
    typedData: '类型化数据（EIP-712）：转移代币的订单和许可属于此类',
    delegations: '把账户交给合约代码的授权（EIP-7702）',
    rawDigest: '原始摘要：没有人看得出它代表什么',
  },
  anyTransaction: '它在所有以太坊类网络上签任何交易，没有限额。',
  noTransaction: '它不签以太坊交易。',
  anyPayment: '它签任何比特币付款，没有限额。',
  noPayment: '它不签比特币付款。',
  bitcoin: '比特币',
  chain: (id, name) => (name === undefined ? `链 ${id}` : `${name}（链 ${id}）`),
  of: (what, rules) => `${what}：${rules.join('；')}。`,
  paysAnybody: '可付给任何人',
  paysNobody: '不付给任何人',
  paysOnly: (addresses) => `只付给 ${addresses.join('、')}`,
  each: (most) => (most === undefined ? '单笔不限额' : `单笔最多 ${most}`),
  aDay: (most) => (most === undefined ? '每天不限额' : `24 小时内最多 ${most}`),
  limits: (each, aDay) => `${each}，${aDay}，包含手续费`,
  waits: (above, hours) => `超过 ${above} 的等待 ${hours} 小时，任何成员都可以反对`,
  token: (symbol) => `${symbol} 的普通转账和授权`,
  membersOnly: (fingerprints) => `只有这些成员可以请求签名：${fingerprints.join('；') || '无'}。`,
  member: (fingerprint, limits) => `由 ${fingerprint} 请求时：${limits.join('；')}。`,
  ofMember: (most) => `每小时最多签名 ${most} 次`,
  hours: (hours) => `签名时间：${hoursText(hours)}。`,
  leastApprovals: (least) => `至少要有 ${least} 个其他成员同意，它才签名。`,
  operatorApproves: '它只签其运营者同意过的请求。',
  calls: '可以调用合约，由此转移的代币不计入限额',
  callsNot: '不能调用合约',
  creates: '可以创建合约',
  createsNot: '不能创建合约',
  resharesNever: '它从不制作新的钱包分片。',
  resharesSame: '它只为相同的成员制作新的钱包分片。',
  resharesLower: (agreeing) => `有 ${agreeing} 个成员同意时，它为其他成员制作新的分片，也可以降低签名所需的人数。`,
  resharesAny: (agreeing) => `有 ${agreeing} 个成员同意时，它为其他成员制作新的分片，但不降低签名所需的人数。`,
  resharesAfter: (hours) => `首次被要求更换成员之后，它等待 ${hours} 小时才同意。`,
  resharesADay: (most) => `它在 24 小时内最多为一个钱包制作 ${most} 次新分片。`,
  renews: (days) => `分片满 ${days} 天后，它会提议更新。`,
}

export const policy: Texts['policy'] = {
  title: '服务器的规则',
  lead: '服务器按其运营者写下的规则作决定。以下内容由它签名。',
  untold: '它还没有告知规则。',
  toldAt: (when) => `告知于 ${moment(when)}。`,
  stale: (name, when) => `这些规则是 ${moment(when)} 的，${name} 之后没有再确认，现在可能已经不同。`,
  notItsWord: (name) => `显示为 ${name} 的规则的内容并非出自它`,
  notItsWordText: '协调服务器可能给出了旧的规则，或别人的规则。这些内容不予采信。',
  willRefuse: (name, rule) => `${name} 会拒绝：${rule}`,
  willWait: (name, rule) => `${name} 不会马上签名：${rule}`,
  mayRefuse: (name) => `${name} 可能拒绝：它今天签名太多，没有说明还剩多少额度。`,
  explain: (rules) => explainPolicy(rules, words),
  broken: (rule) => brokenInWords(rule, words),
}
