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
} from './zhHant/app.ts'
import { backup, restore, sheet } from './zhHant/backup.ts'
import { guardians } from './zhHant/guardians.ts'
import { ceremony } from './zhHant/ceremony.ts'
import { addresses, payment, typed } from './zhHant/content.ts'
import { described } from './zhHant/described.ts'
import { content } from './zhHant/rules.ts'
import { codes, create, created, invitations, join } from './zhHant/create.ts'
import { reshare, shares } from './zhHant/reshare.ts'
import { failures } from './zhHant/failures.ts'
import { history, passkey, wallet, wallets, welcome } from './zhHant/home.ts'
import { blind, broadcast, networks, requests, review, sign, signed } from './zhHant/sign.ts'
import type { Texts } from './en.ts'
import { names } from './zhHant/names.ts'
import { policy } from './zhHant/policy.ts'
import { send } from './zhHant/send.ts'
import { told } from './zhHant/told.ts'
import { waiting } from './zhHant/waiting.ts'

/** 繁體中文 */
export const zhHant: Texts = {
  language: 'zh-Hant',
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
