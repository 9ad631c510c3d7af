import { app, coordinators, duration, keeping, locked, settings, tabs, theme, unlocking, version } from './en/app.ts'
import { backup, restore, sheet } from './en/backup.ts'
import { guardians } from './en/guardians.ts'
import { ceremony } from './en/ceremony.ts'
import { addresses, payment, typed } from './en/content.ts'
import { described } from './en/described.ts'
import { content } from './en/rules.ts'
import { codes, create, created, invitations, join } from './en/create.ts'
import { reshare, shares } from './en/reshare.ts'
import { failures } from './en/failures.ts'
import { history, passkey, wallet, wallets, welcome } from './en/home.ts'
import { blind, broadcast, networks, requests, review, sign, signed } from './en/sign.ts'
import { names } from './en/names.ts'
import { policy } from './en/policy.ts'
import { send } from './en/send.ts'
import { told } from './en/told.ts'
import { waiting } from './en/waiting.ts'

/** Every sentence of the app. English is the law: what is missing or too much in another language does not compile. */
export const en = {
  language: 'en',
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

export type Texts = typeof en
