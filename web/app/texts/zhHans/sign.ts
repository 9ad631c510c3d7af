import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hans')

export const sign: Texts['sign'] = {
  title: '签名',
  with: (name) => `使用“${name}”`,
  what: '你要签署什么？',
  kinds: { form: '交易', paste: '粘贴的交易', message: '消息', digest: '原始哈希值（专家）' },
  network: '网络',
  otherNetwork: '其他网络…',
  chainId: '链 ID',
  to: '收款地址',
  toHint: '0x 开头、后接 40 个十六进制数字的地址。只有要创建合约时才留空。',
  value: (currency) => `金额（${currency}）`,
  nonce: 'Nonce',
  nonceHint: '这个地址在该网络上至今已发送的交易数量。',
  maxFee: '每单位 gas 最高费用（gwei）',
  tip: '其中的优先费（gwei）',
  gas: 'Gas 上限',
  gasHint: '转账到个人地址需要 21000。',
  data: '数据',
  dataHint: '0x 开头的十六进制数据。单纯转账请留空。',
  paste: '未签名的交易',
  pasteHint: 'EIP-1559（类型 2），或含有链 ID 的旧式交易（EIP-155）；0x 开头的十六进制，尚未签名。',
  message: '消息',
  messageHint: '会以个人消息（EIP-191）的形式签名，绝不会被当作交易。',
  digest: '哈希值',
  digestHint: '32 字节的十六进制数据，会原样签署。',
  review: '查看',
  edit: '修改',
  reviewTitle: '核对签名内容',
  coSigner: '邀请谁与你共同签名',
  coSignerHint: (needed) =>
    needed === 1
      ? '还需要一方，由最先批准的一方参与签名。对方可以在明天之前答复：请保持这个标签页打开。'
      : `还需要 ${needed} 方，由最先批准的几方参与签名。对方可以在明天之前答复：请保持这个标签页打开。`,
  coSignerMissing: (needed) => `请至少选择 ${needed} 方。`,
  passphrase: '这个钱包的密码',
  submit: '立即签名',
  wrong: '内容还有问题',
  invalid: {
    required: '请填写此项。',
    integer: '请输入整数，只能包含数字。',
    amount: (decimals) => `请输入像 1.5 这样的数字，小数点后最多 ${decimals} 位。`,
    address: '不是地址：应为 0x 加上 40 个十六进制数字。',
    checksum: '字母大小写不符：很可能有一个字符错了。请重新复制地址。',
    digest: '应为 32 字节：64 个十六进制数字。',
    hex: '应为 0x 加上偶数个十六进制数字。',
  },
}

export const blind: Texts['blind'] = {
  title: '没有人看得出这是什么',
  text: '原始哈希值完全看不出它代表什么。它可能是一笔在任意网络上把这个钱包全部转走的交易。如果是别人给你的，请不要签署；只签署你自己算出来的哈希值。',
  confirm: (phrase) => `如要继续，请输入“${phrase}”`,
  phrase: '我确定盲签',
}

export const review: Texts['review'] = {
  send: (amount, currency) => `转出 ${amount} ${currency}`,
  call: (amount, currency) => `调用合约，并转出 ${amount} ${currency}`,
  deploy: '创建合约',
  message: '签署消息',
  rawDigest: '签署原始哈希值',
  network: '网络',
  chain: (name, id) => `${name}（链 ID ${id}）`,
  unknownChain: (id) => `未知的网络，链 ID ${id}`,
  to: '收款地址',
  newContract: '无：创建新合约',
  amount: '金额',
  fee: '最高网络费用',
  feeDetail: (gas, price, tip) => `${gas} gas，每单位最高 ${price} gwei，优先费最高 ${tip} gwei`,
  legacyFee: (gas, price) => `${gas} gas，每单位 ${price} gwei（旧式交易）`,
  tokenTitles: {
    transfer: '转出代币',
    'transfer-from': '转移代币或 NFT',
    approve: '授权他人动用代币',
    'raise-allowance': '提高他人可动用的代币额度',
    'approve-all': '授权他人管理所有代币',
  },
  token: {
    contract: '代币合约',
    from: '来源地址',
    to: '代币收款地址',
    spender: '被授权者',
    operator: '获准管理全部代币的一方',
    amount: '代币数量（最小单位），或 NFT 编号',
    unlimited: '无上限',
    allowed: '是否授权',
    yes: '是：这个合约目前和日后的所有代币',
    no: '否：收回先前的授权',
  },
  nonce: 'Nonce',
  data: '数据',
  none: '无',
  accessList: '访问列表',
  accessListCount: (count) => `${locale.number(count)} 个地址`,
  text: '文字',
  notText: '无法以文字显示，以下是原始字节',
  hidden: '内容含有看不见的字符，或会改变阅读方向的字符。它们以 ‹U+…› 的形式显示。',
  digest: '实际签名的哈希值',
  unsigned: '未签名的交易',
  wei: (wei) => `${wei} wei`,
  warnings: {
    unknownChain: 'Quorate 不认识这个网络。请确认链 ID 就是你要的那一个。',
    deploy: '没有收款地址：这会创建一个合约。附带的金额会转给该合约。',
    call: '这会调用一个合约。它要做什么写在数据里；代币的数量不会显示在上方。只有信任数据的来源时才签名。',
    unlimited:
      '这会让他人动用这个钱包现在和日后所有的这种代币，而且不必再征求同意。除非完全信任对方，请只授权所需的数量。',
    approveAll: '这会让他人转移这个钱包在此合约中现在和日后的所有代币。这是窃取 NFT 的常见手法。',
    tokenCall: '这是调用代币合约的方式。请确认该合约确实是你要的代币：任何人都能做出外观相同、行为不同的合约。',
    fee: '网络费用可能高于转出的金额。',
    expensive: '网络费用可能达到 0.1 或更高。请检查每单位 gas 的费用。',
    gas: 'Gas 上限低于 21000：网络会拒绝这笔交易。',
    hash: '这条消息长 32 字节，就像某个你看不到的内容的哈希值。只有清楚它对应什么内容时才签名。',
  },
}

export const signed: Texts['signed'] = {
  title: '已签名',
  transactionLead: '签名有效。交易尚未发送：请把原始交易交给节点，或粘贴到区块浏览器的广播页面。',
  messageLead: '签名有效。请把它交给向你索取的人。',
  raw: '已签名的原始交易',
  hash: '交易哈希值',
  signature: '签名（r、s、v）',
  again: '签署其他内容',
  toWallet: '返回钱包',
}

export const requests: Texts['requests'] = {
  title: '签名请求',
  none: '没有待决定的请求',
  noneText: '当与你共管钱包的人想要签名时，请求会出现在这里。',
  from: (name) => `${name} 发起请求`,
  wallet: (name) => `使用“${name}”`,
  until: (date) => `有效至 ${locale.moment(date)}`,
  look: '查看',
  kinds: {
    'ethereum-transaction': '一笔交易',
    'ethereum-message': '一条消息',
    'raw-digest': '一个无法解读的原始哈希值',
  },
  lead: (name) => `${name} 请你签署以下内容。只有在你也同意时才批准。`,
  approve: '批准并签名',
  reject: '拒绝',
  rejected: '已拒绝，并会通知发起请求的人。',
  gone: '这个请求已结束，或已经答复过了。',
}

export const content: Texts['content'] = {
  refused: (field, rule) => `${field}：${rule}。`,
  rules: {
    'too-long': '太长',
    'wrong-type': '既不是类型 2（EIP-1559），也不是旧式交易',
    'any-chain': '没有指定网络（EIP-155），可能在任何其他网络上被重放',
    'not-rlp': '已损坏，不是格式正确的 RLP',
    'wrong-field-count': '字段数量不正确',
    'already-signed': '已经签过名，请粘贴未签名的交易',
    'not-bytes': '这里应该是值，却是列表',
    'not-a-list': '这里应该是列表，却是值',
    'leading-zero': '开头有多余的零',
    'too-large': '太大',
    'too-small': '太小',
    'wrong-length': '长度不正确',
    'tip-above-maximum': '高于每单位 gas 的最高费用',
    'cost-overflow': '使费用高得不合理',
  },
}

export const networks: Texts['networks'] = {
  test: (name) => `${name}（测试网络）`,
  local: '本机开发网络',
}
