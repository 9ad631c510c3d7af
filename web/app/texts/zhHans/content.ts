import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hans')

export const payment: Texts['payment'] = {
  toSelf: '在钱包内移动比特币',
  change: '找零回到这个钱包',
  own: (path) => `这个钱包的地址 ${path}`,
  fee: '网络费用',
  feeRate: (rate, size) => `每虚拟字节 ${rate} 聪，共 ${locale.number(size)} 虚拟字节`,
  from: '花费的币',
  satoshi: (amount) => `${amount} 聪`,
  replaceable: '可替换（RBF）',
  isReplaceable: '是：在进入区块之前，这个钱包可以另签一笔手续费更高的交易来替换它',
  isFinal: '否：它没有声明可以被替换',
  notBefore: '在此之前无效',
  block: (number) => `区块 ${locale.number(number)}`,
  date: (at) => locale.moment(at),
  warnings: {
    unproven:
      '这份 PSBT 没有附上这些币的来源交易。制作者可能少报了金额，而少报的部分会全部成为付给网络的费用。只有出自你信任的程序时才签名，或请对方附上完整的上一笔交易。',
    script: '有一个输出没有 Quorate 能显示的地址，因此改为显示它的脚本。',
    fee: '网络费用超过转出金额的十分之一。',
    expensive: '网络费用达到 0.01 BTC 或更高。',
    rate: '费率远高于一般水平，请检查。',
    slow: '费用低于每虚拟字节 1 聪：大多数节点不会转发这笔付款。',
    locked: '网络要到稍后才会接受这笔付款。',
  },
}

export const typed: Texts['typed'] = {
  title: (type) => `签署结构化数据：${type}`,
  domain: '提出请求者',
  fields: {
    name: '应用程序（自称）',
    version: '版本',
    chainId: '网络',
    verifyingContract: '验证签名的合约',
    salt: '盐值',
  },
  empty: '空的',
  emptyText: '空白文本',
  moment: (at) => locale.moment(at),
  farMoment: '晚于公元 9999 年：实际上没有期限',
  warnings: {
    permit: '有了这个签名，他人不需要你发送任何交易就能取走这个钱包的代币。请检查谁可以动用、数量多少、到何时为止。',
    unlimited: '没有上限：包含这个钱包现在和以后所有的这种代币。除非完全信任对方，否则不要签名。',
    anyChain: '没有指明网络：这个签名可能在任何网络上都有效。',
    unknownChain: 'Quorate 不认识这个网络。请确认链 ID 就是你要的那一个。',
    noContract: '没有指明合约：其他应用程序也可能使用这个签名。',
    hidden: '内容含有看不见的字符，或会改变阅读方向的字符。它们以 ‹U+…› 的形式显示。',
  },
}

export const addresses: Texts['addresses'] = {
  title: '更多收款地址',
  lead: '它们与主地址一样属于这个钱包，并由相同的各方签名。它们用来区分款项，并不是独立的钱包。',
  show: '显示地址',
  more: '显示更多',
  ethereum: (path) => `以太坊地址 ${path}`,
  bitcoin: (path) => `比特币地址 ${path}`,
  extended: '扩展公钥（xpub）',
  extendedHint:
    '供仅供观察的钱包显示余额并制作 PSBT（原生隔离见证，地址 m/0/…，找零 m/1/…）。它无法动用任何资金，但持有它的人能看到所有地址。',
}
