import type { Texts } from '../en.ts'

export const told: Texts['told'] = {
  waits: '有一个请求等你处理。',
  title: '通知',
  granted: '有请求到来而你在看别处时，浏览器会通知你。',
  denied: '浏览器被设为不显示通知。可以在浏览器的网站设置里更改。',
  default: '有请求到来而你在看别处时通知你。通知不会说是哪个钱包、什么内容。',
  allow: '允许通知',
  waiting: (count) => `${count} 个请求`,
}
