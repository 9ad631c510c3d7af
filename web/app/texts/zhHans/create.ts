import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hans')

export const create: Texts['create'] = {
  title: '创建钱包',
  name: '名称',
  nameHint: '给你和其他各方辨认用，例如“家庭储蓄”。服务器参与方也看得到。',
  nameMissing: '请为钱包起一个名字。',
  nameLong: '最多 60 个字符。',
  who: '分片由谁保管',
  whoHint: '每一方保管一份分片，没有人持有完整的密钥。',
  you: '保管分片 1，以你的密码加密',
  server: '服务器参与方，始终在线。保管一份分片，依照既定策略参与签名',
  personName: (number) => `第 ${number} 位的名称`,
  personHint: '你对这个人的称呼，只有你看得到。',
  personMissing: '请为每个人填上名称。',
  invite: '邀请一个人',
  remove: (name) => `移除 ${name}`,
  fingerprint: '指纹：',
  tooFew: '钱包至少要有两方：请加入一个服务器参与方或一个人。',
  tooMany: '一个钱包最多 20 方。',
  threshold: '多少方共同签名',
  ofParties: (threshold, parties) => `${parties} 方签 ${threshold}`,
  serversAlone: (threshold) => `仅凭服务器就能动用这笔钱：其中 ${threshold} 方就够了，不需要你或其他任何人。`,
  serversAloneNow: (safe, parties) =>
    safe === parties
      ? `选 ${parties} 方签 ${safe}，没有你就什么都签不了。这样每一份分片都缺一不可，请做好备份，或者先邀请一个人。`
      : `选 ${parties} 方签 ${safe}，没有人参与就什么都签不了。`,
  choose: (threshold, parties) => `选择 ${parties} 方签 ${threshold}`,
  meaningTitle: (threshold, parties) => `${parties} 方签 ${threshold} 对你的钱意味着什么`,
  meaning: (threshold, parties) => {
    const shares = (count: number) => (count === 1 ? '1 份分片' : `最多 ${count} 份分片`)
    const spare = parties - threshold
    return [
      [`${shares(threshold - 1)}被偷`, '窃贼无法签名。请尽早更新所有分片，被偷的分片随即失效。'],
      spare === 0
        ? ['1 份分片丢失', '这笔钱再也没有人能动用。若要容许丢失，请减少签名方数。']
        : [`${shares(spare)}丢失`, '其余各方仍可签名，也能更换遗失的设备。请在下一份丢失之前更换。'],
      ...(spare === 0 ? [] : [[`${spare + 1} 份分片丢失`, '这笔钱再也没有人能动用。'] as const]),
      [
        `${threshold} 方联手`,
        spare === 0
          ? '那就是全体：少了任何一方，什么都签不了。'
          : '他们不必经过其他人就能签名。谁掌握这么多份分片，谁就掌握这笔钱，所以请分给不同的人保管。',
      ],
    ]
  },
  passphrase: '密码',
  passphraseHint: '用来打开这台设备上的分片。没有人能够重设。',
  repeat: '再输入一次密码',
  different: '两次输入的密码不同。',
  weak: {
    short: '至少需要 10 个字符。',
    weak: '这个密码不够难猜。请用几个互不相关的词组成。',
    unmeasured: '这里无法估计密码的强度。请至少使用 20 个字符。',
  },
  show: '显示',
  hide: '隐藏',
  strength: '强度',
  strengths: ['极易猜中', '容易猜中', '稍难猜中', '难以猜中', '极难猜中'],
  submit: '创建钱包',
  noServers: '没有设置服务器参与方',
  noServersText: '你可以和自己邀请的人一起创建钱包。',
  preparing: (found) => `正在后台准备：4 个大质数已找到 ${found} 个。你可以先填写表单。`,
  busy: '另一个多方运算正在进行。请等它结束，或先将它取消。',
}

export const created: Texts['created'] = {
  title: '你的钱包已就绪',
  lead: (name) => `“${name}”已创建，各方都确认存好了自己的分片。`,
  next: '把钱转进来之前',
  asking: '浏览器可能正在询问是否允许 Quorate 在此保留数据。请选择允许，以免这份分片被删除。',
  evictable:
    '此浏览器没有承诺保留这台设备上的分片。多使用 Quorate 一段时间，或将它安装到设备上，会更容易获准；制作备份也能预防丢失。',
  code: '大家核对过的检查码：',
  care: ['先用小额试一次：转一点进来，再转回去。', '牢记密码，它无法重设。'],
}

export const invitations: Texts['invitations'] = {
  share: '分享…',
  shareLabel: (name) => `分享给 ${name} 的邀请`,
  mail: '写邮件…',
  mailLabel: (name) => `写一封邮件，附上给 ${name} 的邀请`,
  subject: '加入钱包的邀请',
  message: (name) =>
    `${name}，通过这个链接，你可以加入我们共同持有的钱包。它只给你一个人，请勿转发。请尽快打开，一小时内有效。`,
  title: '邀请',
  lead: '请通过你信任的渠道，把各自的邀请交给每个人。拿到邀请的人可以入席，但只能用一次。',
  link: (name) => `给 ${name} 的邀请`,
  qr: (name) => `给 ${name} 的邀请二维码`,
  show: '显示二维码',
  until: (date) => `有效至 ${locale.time(date)}`,
  revoke: '更换',
  revokeLabel: (name) => `更换给 ${name} 的邀请`,
  revoked: '旧的邀请已失效，由新的邀请取代。',
  here: '已到',
  awaited: '未到',
  refused: (name) =>
    `有其他人试图使用给 ${name} 的邀请，已遭拒绝。如果 ${name} 表示邀请不能用，说明来的人不对：请更换这份邀请。`,
}

export const codes: Texts['codes'] = {
  title: '核对检查码',
  lead: '打电话给其他人，把检查码念出来。所有人看到的必须相同；如果不同，就表示有人从中作梗。',
  match: '检查码一致',
  differ: '不一致',
  who: '参与者',
  you: '这台设备',
  wallet: '钱包名称',
  policy: '签名规则',
  creator: '（发起人）',
}

export const join: Texts['join'] = {
  title: '加入钱包',
  lead: '与你一起创建钱包的人给了你一份邀请：可能是链接、一段文字或二维码。',
  paste: '邀请',
  pasteHint: '邀请链接，或包含它的整段消息。',
  look: '查看',
  image: '从图片读取二维码',
  camera: '用摄像头扫描二维码',
  stopCamera: '关闭摄像头',
  cameraView: '摄像头画面',
  noQr: '这张图片里没有可以读取的二维码。',
  noCamera: '无法使用摄像头。请允许这个页面使用摄像头，或改用图片或链接。',
  invited: (name) => `你受邀加入“${name}”`,
  policy: '钱包',
  ofParties: (threshold, parties) => `${parties} 方中须有 ${threshold} 方共同签名`,
  existing: '已有的钱包',
  existingHint: '这台设备会成为它的成员。请向邀请你的人确认这是不是它的地址。',
  before: '在此之前',
  seat: '你的分片',
  seatOf: (seat, parties) => `第 ${seat} 份，共 ${parties} 份`,
  by: '邀请人',
  byHint: '邀请你的那台设备的身份指纹。请对方念出自己的指纹（在“设置”中）来核对。',
  expires: '有效期至',
  date: locale.moment,
  taken: '已经有人用这份邀请来过了。如果不是你，请告诉邀请你的人。',
  inHistory:
    '浏览器会把这个链接留在历史记录里。请现在就加入：加入之后，别人无法再用它。粘贴文字或扫描二维码则不留痕迹。',
  passphraseLead: '为这台设备要保管的分片设置一个密码。',
  submit: '加入',
  another: '使用另一份邀请',
}
