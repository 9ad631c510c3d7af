import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hans')

export const welcome: Texts['welcome'] = {
  title: '任何一台设备都无法单独动用的钱包',
  lead: 'Quorate 让以太坊和比特币钱包的密钥从一开始就以分片的形式产生，从来没有完整存在过。你的设备保管其中一份，其余由你邀请的人和服务器参与方保管；要由几方共同签名，由你决定。',
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
  joiningTitle: (name) => `“${name}”正在等待其他成员`,
  joiningText: '这台设备已有新的分片，但并非每个成员都已确认。Quorate 会自行再询问；其间什么都不会遗失。',
  overTitle: (name) => `这台设备没有成为“${name}”的成员`,
  overText: '这次变更已经放弃。钱包仍由原来的成员使用，这台设备上没有它的任何东西。',
  leftTitle: (name) => `这台设备不再是“${name}”的成员`,
  leftText: (since) =>
    `其他成员制作了新的分片，这台设备不在其中${since === undefined ? '' : `（于 ${locale.moment(since)} 得知）`}。它自己的分片已清除。钱包和地址仍在其他成员手中，一切如常。`,
  leftBy: (names) => `新分片由 ${names} 制作，每一位都为此签了名。这台设备已核对他们的签名。`,
  leftMoney:
    '资金仍在原处。这台设备不能再参与动用它：仍应有份的人，请向其他成员要一个新的位置。它的旧备份对钱包已无用处，应当销毁：旧分片只要凑够当时签名所需的数目，仍是完整的密钥。',
  forget: '从清单移除',
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
  bitcoinQr: '比特币地址的二维码',
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

export const passkey: Texts['passkey'] = {
  title: '通行密钥',
  none: '签名时可用指纹、人脸识别、PIN 码或安全密钥代替输入密码。密码仍然保留：没有通行密钥时，密码一样能打开分片。',
  add: '添加通行密钥…',
  added: (date) =>
    `添加于 ${locale.day(date)}。签名时可用它打开这台设备上的分片；备份、导出和修改密码时，仍会要求输入密码。`,
  remove: '移除通行密钥…',
  notHere: '这个浏览器没有能打开分片的通行密钥功能（需要支持 PRF 扩展的网页身份验证）。密码则可以。',
  needsName: '通行密钥绑定主机名，而这个页面是直接用 IP 地址打开的。密码在这里照常可用。',
  addTitle: '添加通行密钥',
  addText:
    '先输入密码，接着设备会要求指纹、人脸识别、PIN 码或安全密钥，可能要求两次。能解锁这把通行密钥、又拿到这个浏览器数据的人，就能使用这台设备上的分片。',
  addSubmit: '添加',
  adding: '正在打开分片，接着请按设备的提示操作…',
  isAdded: '从现在起，这把通行密钥也能打开这个分片。',
  removeTitle: '要移除通行密钥吗？',
  removeText: '移除后它就打不开分片了，密码则一如既往。你的通行密钥管理器可能仍会列出它，但它已不能打开任何东西。',
  removeSubmit: '移除',
  removed: '已移除通行密钥。',
  sign: '用通行密钥签名',
  approve: '用通行密钥批准',
  hint: '使用通行密钥时不必填写。',
  goes: '这个钱包的通行密钥会随旧密码一并失效，之后可以重新添加。',
}

export const history: Texts['history'] = {
  title: '签名记录',
  none: '这台设备还没有用这个钱包签署过任何内容。',
  what: '内容',
  end: '结果',
  ends: {
    signed: '已签名',
    rejected: '已拒绝',
    withdrawn: '已撤回',
    expired: '已过期',
    replaced: '已被取代',
    failed: '未签名',
  },
  search: '搜索签名记录',
  any: '全部',
  nothingFound: '签名记录里没有这样的内容。',
  csv: '存为 CSV',
  json: '存为 JSON',
  perhaps: '可能已签名',
  at: locale.moment,
  askedBy: (name) => `由 ${name} 发起`,
  withOthers: (names) => `与 ${names} 共同签名`,
  details: '详细信息',
  all: (count) => `显示全部 ${locale.number(count)} 条`,
  message: (text) => `消息：“${text}”`,
  transaction: (title, to, network) => (to === '' ? `${title} · ${network}` : `${title} → ${to} · ${network}`),
  parties: (seats) => `参与方 ${seats.join('、')}`,
}
