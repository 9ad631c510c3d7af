import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hans')

export const welcome: Texts['welcome'] = {
  title: '任何一台设备都无法单独动用的钱包',
  lead: 'Quorate 让以太坊钱包的密钥从一开始就以分片的形式产生，从来没有完整存在过。你的设备保管其中一份，其余由你邀请的人和服务器参与方保管；要由几方共同签名，由你决定。',
  points: [
    ['完整密钥从不存在', '创建时没有，签名时也没有。窃贼就算偷到一份分片，也签不了任何东西。'],
    ['所见即所签', '每笔交易都会先解读并显示清楚，才向你索取密码；与你共同签名的各方也会再检查一次。'],
    ['无需信任协调服务器', '它只负责转发消息，读不到内容，篡改了也一定会被发现。'],
  ],
  create: '创建钱包',
  join: '使用邀请加入',
}

export const wallets: Texts['wallets'] = {
  title: '钱包',
  create: '创建钱包',
  join: '加入',
  createdOn: (date) => `创建于 ${locale.day(date)}`,
  ofParties: (threshold, parties) => `${threshold}/${parties} 共签`,
  unfinishedTitle: (name) => `“${name}”尚未创建完成`,
  unfinishedText:
    '这台设备已存好自己的分片，但并非各方都已确认。为了避免有人把钱转进可能不完整的钱包，地址暂不显示。其他一切不受影响。',
  unfinishedWhat: '如果仍然需要这个钱包，请重新创建一个。确定其他各方都没有把它显示为已完成之后，就可以舍弃这一个。',
  discard: '舍弃…',
  discardTitle: '要舍弃这个未完成的钱包吗？',
  discardText:
    '这台设备上的分片将永久删除。如果其他各方手上的钱包其实已经完成，他们以后就只能在缺少这份分片的情况下使用。',
  discardYes: '删除分片',
  discarded: '已舍弃未完成的钱包。',
}

export const wallet: Texts['wallet'] = {
  address: '以太坊地址',
  addressHint: '在所有与以太坊兼容的网络上都相同。',
  addressQr: '以太坊地址的二维码',
  bitcoin: '比特币地址',
  bitcoinHint: '出自同一把密钥（原生隔离见证，主网）。请在仅供观察的钱包中制作 PSBT 付款，再到这里签名。',
  sign: '签名',
  parties: '分片由谁保管',
  share: (seat) => `分片 ${seat}`,
  policy: (threshold, parties) => `${parties} 方中须有 ${threshold} 方共同签名`,
  check: '检查密码…',
  change: '修改密码…',
  changeTitle: '修改密码',
  changeText: '只影响这台设备上的分片。存放在别处的副本（例如备份）仍使用制作时的密码。',
  currentPassphrase: '当前密码',
  changeSubmit: '修改',
  changing: '正在用新密码重新加密你的分片…',
  changed: '新密码已生效。',
  checkTitle: '检查你的密码',
  checkText: '打开这台设备上的分片，随即再锁上。任何数据都不会离开这台设备。',
  checkSubmit: '检查',
  checkGood: '密码正确，这台设备上的分片完好无缺。',
  checking: '正在打开分片…',
}

export const history: Texts['history'] = {
  title: '签名记录',
  none: '这台设备还没有用这个钱包签署过任何内容。',
  what: '内容',
  end: '结果',
  ends: { signed: '已签名', rejected: '已拒绝', failed: '未签名' },
  at: locale.moment,
  askedBy: (name) => `由 ${name} 发起`,
  withOthers: (names) => `与 ${names} 共同签名`,
  details: '详细信息',
  all: (count) => `显示全部 ${locale.number(count)} 条`,
  message: (text) => `消息：“${text}”`,
  transaction: (title, to, network) => (to === '' ? `${title} · ${network}` : `${title} → ${to} · ${network}`),
  parties: (seats) => `参与方 ${seats.join('、')}`,
}
