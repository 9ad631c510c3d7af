import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hans')

export const reshare: Texts['reshare'] = {
  title: '变更设备、成员或分片',
  lead: '地址和资金都留在原处，只有分片重新制作。不会向任何网络送出任何东西。',
  open: '变更…',
  changes: {
    replace: {
      title: '更换遗失的设备',
      lead: '有一台设备遗失、损坏，或资料已被删除。由一台新设备接替。',
      limits: (signing) =>
        `遗失的设备可能还留有旧分片。单独一份没有用处；但 ${signing} 份旧分片，不论来自遗失的设备或旧备份，仍然等于完整的密钥。`,
    },
    move: {
      title: '换到新设备',
      lead: '原本的设备还在，把位置交给一台新设备。',
      limits: (signing) =>
        `旧设备会清除它的分片，并向其他各方声明。但没有人能证明没有留下副本：${signing} 份旧分片，不论来自副本或旧备份，仍然等于完整的密钥。`,
    },
    members: {
      title: '加入或移除成员',
      lead: '有人加入这个钱包，或者离开。',
      limits: (signing) =>
        `没有办法让人忘掉一份分片：离开的人可能留有副本或备份。单独一份旧分片没有用处，但 ${signing} 份仍然等于完整的密钥。`,
    },
    threshold: {
      title: '变更需要多少方签名',
      lead: '成员不变，改由另一个数目的成员共同签名。',
      limits: (signing) => `新的数目只适用于新分片。${signing} 份旧分片，不论来自副本或旧备份，仍然可以签名。`,
    },
    renew: {
      title: '更新所有分片',
      lead: '成员不变，各自得到新的分片。窃贼手上的旧分片从此与什么都不相配。',
      limits: (signing) =>
        `如果窃贼手上的旧分片少于 ${signing} 份，更新就有效。如果他已有 ${signing} 份，不论来自设备或备份，就无济于事：那就是完整的密钥。若有这种可能，请把钱转到新的钱包。`,
    },
  },
  newWallet: '改为把钱转到新的钱包',
  which: '哪一台设备',
  lostOne: '遗失的设备',
  movingOne: '交出位置的设备',
  choose: '请选择…',
  newName: '你对新设备或其使用者的称呼',
  newNameHint: '你要把邀请送给它。这个称呼只用于这台设备。',
  who: '之后由谁保管分片',
  whoHint: '之后要保管分片的每一方，现在都必须在场。',
  part: (name) => `${name} 的去留`,
  parts: {
    stays: '留下',
    helps: '离开，现在还会参与',
    absent: '离开，现在不在场',
  },
  problems: {
    noDevice: '请选择设备。',
    noName: '请为每个新成员填上名称。',
    nothing: '请先加入一个成员，或让一个成员离开。',
    sameNumber: '请选择与现在不同的数目。',
    tooFewNow: '参与的现有成员太少：现在需要多少方签名，就要有多少方在场。',
    tooFew: '钱包至少要有两方。',
    tooMany: '一个钱包最多 20 方。',
  },
  before: '开始之前',
  there: '谁必须在场',
  thereHint: '所有人要同时开著 Quorate。大家有一小时的时间到齐。',
  leftOut: '谁被排除在外',
  leftOutHint: '之后他们的分片与什么都不相配。请亲自告诉他们；钱包页面上有一份可以附上的证明。',
  time: '需要多久',
  timeHint: '没有备妥质数的设备要先搜索，可能需要几分钟。',
  stays: '什么不变',
  staysText: (signing) => `地址、资金和历史记录。在每个新成员都确认之前，旧分片照常签名（${signing} 份）。`,
  backups: '备份',
  backupsText: '之后每个成员都要制作新的备份。旧备份与新分片不相配，到时应该销毁。',
  limits: '做不到的事',
  passphraseHint: '打开这台设备上的分片，并锁上新的分片。',
  start: '开始',
  now: '现在',
  afterwards: '之后',
  signing: '签名',
  members: '成员',
  invited: (name) => `${name}（新成员，以邀请加入）`,
  joins: (name) => `${name}（新成员）`,
  asked: {
    device: (from, wallet) => `${from} 请求更换“${wallet}”的一台设备`,
    members: (from, wallet) => `${from} 请求变更“${wallet}”的成员`,
    threshold: (from, wallet) => `${from} 请求变更“${wallet}”需要多少方签名`,
    renewal: (from, wallet) => `${from} 请求更新“${wallet}”的分片`,
  },
  joining: '加入',
  newcomers: (count) => `${count} 个新成员，以邀请加入，或是服务器`,
  newcomersHint: '运算开始之前，你会看到他们的指纹。',
  youStay: '这台设备会得到新的分片。各方都确认之后，它会清除旧的分片。',
  youLeave: '这台设备会交出位置，之后不再是这个钱包的成员。',
  fewerSign: '之后动用资金所需的成员会比现在少。',
  approve: '同意并参与',
  decline: '拒绝',
  declined: '已拒绝，没有任何变动。',
  doneTitle: '分片已更新',
  done: (name) => `“${name}”有了新的分片，每个成员都已确认自己的一份。地址不变。`,
  joinedTitle: (name) => `你是“${name}”的成员了`,
  joined: '这台设备保管著一份分片，每个成员都已确认自己的一份。',
  leftTitle: (name) => `这台设备不再是“${name}”的成员`,
  left: '它已清除自己的分片，并告诉了其他各方。',
  proof: '变更的证明',
  proofSaveText: '给被排除在外、或最后不在场的设备：它不相信任何人的话，只相信这个档案。里面没有任何机密。',
  proofOpen: '分片是不是在这台设备不在场时更新了？',
  proofForeign: '这不是这种证明的二维码。',
  proofOpenText:
    '其他成员可以从钱包页面把证明送给你。如果证明成立，这台设备就会跟进：换成它的新分片，或离开这个钱包并清除旧分片。否则什么都不会变动。',
  backupNow: '现在就制作新的备份',
  backupNowText: '之前的备份与新分片不相配。等每个成员都有了新备份，就销毁旧的：合在一起，它们仍然是完整的密钥。',
}

export const shares: Texts['shares'] = {
  title: '现在的分片',
  since: '启用时间',
  at: (date) => locale.moment(date),
  joined: '当时加入的成员',
  backup: '这份分片的备份',
  backupMade: (date) => `制作于 ${locale.moment(date)}`,
  backupMissing: '这台设备尚未制作',
  backupOthers: '其他人做了什么备份，这里并不知道。请问他们。',
  old: '旧的分片',
  erased: (name) => `${name}：已清除`,
  inBackups: (name, until) => `${name}：已清除，但在服务器的备份中留到 ${locale.day(until)}`,
  silent: (name) => `${name}：没有消息，已遗失或不在场`,
  tooFew: (count, signing) =>
    count === 0
      ? '依各设备签名的声明，已经一份不剩。个人保存的备份不算在内。'
      : `依各设备签名的声明，最多还剩 ${count} 份，而签名需要 ${signing} 份。个人保存的备份不算在内。`,
  enough: (count, signing) =>
    `可能还剩 ${count} 份，而其中 ${signing} 份仍然等于完整的密钥。没有人能证明一份分片已不存在。`,
}
