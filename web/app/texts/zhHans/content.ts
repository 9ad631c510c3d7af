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
