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
  memo: '供所有人阅读的文字（OP_RETURN）',
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
    burnt: '一个文字输出（OP_RETURN）含有金额：它会永远消失，谁也得不到。',
    nobody: '有一个输出永远无人能花费：其中的金额会永远消失。',
    anybody: '有一个输出任何看到的人都能取走：其中的金额等同丢失。',
    fee: '网络费用超过转出金额的十分之一。',
    feeToSelf: '网络费用超过所移动的币的十分之一。',
    expensive: '网络费用达到 0.01 BTC 或更高。',
    rate: '费率远高于一般水平，请检查。',
    slow: '费用低于每虚拟字节 0.1 聪：大多数节点不会转发这笔付款。',
    locked: (when) => `网络要从${when}起才会接受这笔付款。`,
    waits: '网络要等这些币存在一段时间之后才会接受这笔付款。',
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
  descriptor: '输出描述符',
  descriptorQr: '可扫描的输出描述符',
  origin: (fingerprint) => `指纹 ${fingerprint}，路径 m`,
  mainDescriptor: '主地址的输出描述符',
  mainDescriptorHint: '主地址不在上面的地址之中。请一并导入，观察钱包才能看到付到主地址的款项。',
}
