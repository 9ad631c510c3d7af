import type { Texts } from '../en.ts'
import { localeOf } from '../locale.ts'

const locale = localeOf('zh-Hans')

export const app: Texts['app'] = {
  name: 'Quorate',
  language: '语言',
  languageFailed: '无法加载该语言。请检查网络连接后重新选择。',
  skip: '跳到主要内容',
  navigation: '主菜单',
  ceremony: '多方运算',
  wallets: '钱包',
  settings: '设置',
  requestCount: (count) => (count === 0 ? '签名请求' : `签名请求（${locale.number(count)}）`),
  running: (name) => `“${name}”的多方运算正在进行。`,
  ended: (name) => `“${name}”的多方运算已结束。`,
  view: '查看',
  close: '关闭',
  cancel: '取消',
  copy: '复制',
  saveAs: (what) => `保存：${what}`,
  copied: '已复制',
  copyFailed: '浏览器不允许复制。请选中文字后手动复制。',
  loading: '加载中…',
  offline: '当前没有网络连接。',
  offlineRunning: '连接恢复后，进行中的操作会自动继续。请不要关闭此标签页。',
  offlineIdle: '你的钱包仍在这里；创建钱包和签名需要联网。',
  silent: '协调服务器没有响应。',
  silentIdle: '你的钱包仍在这里；创建钱包和签名需要协调服务器。会自动持续重试。',
  unheard: '其他人的签名请求无法送达这台设备。',
  unheardWhy: '协调服务器拒绝转发。请检查这台设备的日期与时间是否正确；会自动持续重试。',
  tryAgain: '再试一次',
  technical: '技术细节',
  and: locale.list,
  notFound: '这个网址没有内容',
  notFoundHint: '钱包可能是在另一个浏览器创建的，或是链接不完整。',
  broken: '无法显示此页面',
  brokenHint: '请检查网络连接，然后重新加载。你的钱包和资金都保持原样。',
  reload: '重新加载',
  insecure: 'Quorate 无法在这个网址运行',
  insecureWhat:
    '只有途中无人能篡改的页面，浏览器才允许它加密并保护所存的数据：也就是 https:// 开头的网址，或就在这台电脑上（http://localhost）。',
  insecureNow: '没有任何变动。请改用 https:// 网址打开 Quorate；可以向搭建它的人询问，或请对方设置一个。',
  toWallets: '前往钱包列表',
  dismiss: '收起',
  thisDevice: '这台设备',
  party: (seat) => `参与方 ${seat}`,
  bytes: (count) => `${locale.number(count)} 字节`,
}

export const version: Texts['version'] = {
  offersTitle: (name) => `Quorate 有新版本：${name}`,
  sameKey: '它与你正在使用的版本由同一个密钥签名。',
  bothUnsigned: '它没有签名，你正在使用的版本也没有。请向运营这个网址的人确认是否做过更改。',
  otherKeyTitle: '这个网址上的应用被其他人更改了',
  otherKey: (name) => `版本 ${name} 由另一个密钥签名，与你正在使用的版本不同。`,
  unsigned: (name) => `版本 ${name} 没有签名，而你正在使用的版本有签名。`,
  differsTitle: '这个网址发送的应用被改动过',
  differs: (files) => `其中一些文件与它声明的构建不一致：${files}。`,
  money: '这个浏览器仍在运行你一直使用的版本，你的钱包没有任何变化。',
  ask: '不要在其他设备上用这个网址输入密码。继续之前，请先询问运营它的人。',
  use: '使用新版本',
  useAnyway: '仍然使用',
  failed: '新版本未能保存。请检查网络连接后重试。',
}

export const theme: Texts['theme'] = { label: '外观', system: '跟随系统', light: '浅色', dark: '深色' }

export const settings: Texts['settings'] = {
  title: '设置',
  lockAfter: '无人使用时清空画面',
  lockHint:
    '分片每次用完都会立即关闭。清空画面时还会清除已输入但尚未提交的内容。这不是锁定：使用此设备的人无需密码就能再次看到名称、地址和签名记录。签名始终需要密码。',
  lockNever: '永不',
  device: '这台设备',
  fingerprint: '身份指纹',
  fingerprintHint: '把它念出来，对方就能确认正在往来的确实是这台设备上的 Quorate。',
  stock: '备好的质数',
  stockHint: '为下一个新钱包预先算好的大质数，以加密方式保存。每组只使用一次。',
  stockReady: (sets) => `已备好 ${locale.number(sets)} 组`,
  stockSearching: (found) => `搜索中：已找到 ${found}／4 个`,
  stockFailed: '上一次搜索失败',
  stockUnknown: '尚未开始',
  stockMake: '立即准备',
  kernel: '运算内核',
  kernels: { 'relaxed-simd': 'WebAssembly（relaxed SIMD）', portable: 'WebAssembly（通用版）' },
  unknown: '未知',
  version: '版本',
  protocol: '协议',
  servers: '已绑定的服务器参与方',
  serversHint: '随这个应用一起提供。若其中任何一方出示的密钥不同，该次多方运算就会遭到拒绝。',
  storage: '存储空间',
  persistent: '会一直保留，直到你自己删除',
  evictable: '磁盘空间不足时，浏览器可能会删除数据',
  persist: '请求浏览器保留数据',
  lacking: '此浏览器没有的功能',
  lackingHint: 'Quorate 没有它们也能运行。',
  persistRefused: '浏览器没有同意。多使用一段时间，或将这个应用安装到设备上，会更容易获准。',
}

export const coordinators: Texts['coordinators'] = {
  label: '协调服务器',
  chooseTitle: '选择协调服务器',
  choose:
    '这个网址只提供应用本身。协调服务器在钱包的各参与方之间传递消息，看不到任何密钥。请选择其他参与方所用的那一个。',
  hint: '只有你能更改它。签名请求只会通过这台设备所用的协调服务器送达，请与其他参与方约定使用同一个。',
  use: '使用这个协调服务器',
  chosen: (origin) => `这台设备现在使用 ${origin}。`,
  underWay: '这台设备正在创建钱包或签名时，不能更改协调服务器。',
  otherTitle: '这个邀请属于另一个协调服务器',
  other: (origin, ours) => `邀请属于 ${origin}，而这台设备使用 ${ours}。`,
  useOther: (origin) => `从现在起使用 ${origin}`,
}

export const duration: Texts['duration'] = {
  seconds: (count) => `${locale.number(count)} 秒`,
  minutes: (count) => `${locale.number(count)} 分钟`,
}

export const tabs: Texts['tabs'] = {
  elsewhere: '这个钱包已在另一个标签页打开',
  taken: '另一个标签页已接管这个钱包',
  why: '同一时间只能有一个标签页使用钱包，以免重复答复或同时修改。',
  wait: '另一个标签页放开之后，这里会自动打开。如果由这里接管，那边正在进行的签名会被取消。',
  takeBack: '这里原本正在进行的操作已经取消，除非当时已无法取消。',
  takeOver: '在这里使用',
}

export const locked: Texts['locked'] = {
  title: '画面已清空',
  text: '有一段时间无人使用，已输入但尚未提交的内容已清除。没有任何分片处于打开状态。名称、地址和签名记录无需密码即可再次显示；签名需要密码。',
  running: '有一个多方运算仍在后台进行。',
  open: '继续',
}

export const unlocking: Texts['unlocking'] = {
  keep: '保持这个钱包解锁',
  keepHint: '在此期间，任何使用这台设备的人都可以用这个钱包签署和批准。',
  once: '不，每次都询问',
  minutes: (count) => `${count} 分钟`,
  until: (time) => `已解锁至 ${locale.time(time)}`,
  text: '用这个钱包签署和批准时无需输入密码。',
  lock: '立即锁定',
}

/** Before a share is stored: what becomes of it. */
export const keeping: Texts['keeping'] = {
  title: '你的分片将保存在这个浏览器里',
  text: '请在普通窗口操作：无痕窗口里保存的内容会在关闭窗口时消失。钱包建立后，请制作备份。',
  privateTitle: '这是无痕窗口：关闭它，你的分片就没了',
  privateText:
    '关闭这个窗口时，浏览器会删除保存在其中的一切，包括你的分片。请改用普通窗口打开这个网址。如果要在这里继续，请在关闭窗口之前下载备份。',
}
