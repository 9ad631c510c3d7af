import {
  app,
  coordinators,
  duration,
  keeping,
  locked,
  settings,
  tabs,
  theme,
  unlocking,
  version,
} from './zhHans/app.ts'
import { backup, restore, sheet } from './zhHans/backup.ts'
import { guardians } from './zhHans/guardians.ts'
import { ceremony } from './zhHans/ceremony.ts'
import { addresses, payment, typed } from './zhHans/content.ts'
import { described } from './zhHans/described.ts'
import { content } from './zhHans/rules.ts'
import { codes, create, created, invitations, join } from './zhHans/create.ts'
import { reshare, shares } from './zhHans/reshare.ts'
import { failures } from './zhHans/failures.ts'
import { history, passkey, wallet, wallets, welcome } from './zhHans/home.ts'
import { blind, broadcast, networks, requests, review, sign, signed } from './zhHans/sign.ts'
import type { Texts } from './en.ts'
import { names } from './zhHans/names.ts'
import { policy } from './zhHans/policy.ts'
import { send } from './zhHans/send.ts'
import { told } from './zhHans/told.ts'
import { waiting } from './zhHans/waiting.ts'

/** 简体中文 */
export const zhHans: Texts = {
  language: 'zh-Hans',
  app,
  theme,
  keeping,
  version,
  tabs,
  locked,
  unlocking,
  settings,
  coordinators,
  duration,
  welcome,
  wallets,
  wallet,
  passkey,
  history,
  create,
  created,
  backup,
  guardians,
  restore,
  sheet,
  invitations,
  codes,
  join,
  ceremony,
  reshare,
  shares,
  send,
  sign,
  blind,
  review,
  signed,
  broadcast,
  requests,
  content,
  described,
  names,
  policy,
  told,
  waiting,
  networks,
  addresses,
  payment,
  typed,
  failures,
}
