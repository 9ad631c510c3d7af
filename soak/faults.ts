import type { Fate } from './proxy.ts'

type Roll = (sides: number) => number

export interface Fault {
  readonly name: string
  fate(path: string, roll: Roll): Fate
  /** What is killed and started again in the middle of every ceremony. */
  readonly restarts?: 'coordinator' | 'database'
  /** What all devices go through: in the middle of the rounds they sleep; the network is away while they wait for each other. */
  readonly twoMinutes?: 'asleep' | 'without a network'
  /** What is in between, instead of the proxy. */
  readonly behind?: 'nginx'
  /** Each guest takes part twice, with one identity, from one link. */
  readonly inTwoTabs?: boolean
}

const unharmed = (): Fate => ({})
const isStream = (path: string): boolean => /\/(Watch|Subscribe)/.test(path)

/** Issue by issue what networks and machines do to a ceremony. */
export const faults: readonly Fault[] = [
  { name: 'none', fate: unharmed },
  { name: '50 ms of delay each way', fate: () => ({ delayMs: 50 }) },
  { name: '200 ms of delay each way', fate: () => ({ delayMs: 200 }) },
  {
    name: '5 % of calls lost, half of them after they arrived',
    fate: (path, roll) => (isStream(path) || roll(20) > 0 ? {} : { lost: roll(2) === 0 ? 'call' : 'answer' }),
  },
  {
    name: 'every third call arrives twice',
    fate: (path, roll) => (!isStream(path) && roll(3) === 0 ? { twice: true } : {}),
  },
  { name: 'calls overtake each other', fate: (path, roll) => (isStream(path) ? {} : { delayMs: roll(150) }) },
  {
    name: 'streams are cut within a second',
    fate: (path, roll) => (isStream(path) ? { cutAfterMs: 50 + roll(950) } : {}),
  },
  {
    name: 'one call in ten breaks off',
    fate: (path, roll) => (!isStream(path) && roll(10) === 0 ? { cutAfterMs: roll(20) } : {}),
  },
  {
    name: 'at once: delays, doubles, cuts of calls and streams',
    fate: (path, roll) => {
      if (isStream(path)) return { delayMs: roll(100), cutAfterMs: 200 + roll(3000) }
      const also = [{}, {}, {}, { twice: true }, { cutAfterMs: roll(150) }][roll(5)]
      return { delayMs: roll(100), ...also }
    },
  },
  { name: 'the coordinator is killed (-9) and started again', fate: unharmed, restarts: 'coordinator' },
  { name: 'PostgreSQL is killed and started again', fate: unharmed, restarts: 'database' },
  { name: 'every device sleeps two minutes', fate: unharmed, twoMinutes: 'asleep' },
  { name: 'network away for two minutes', fate: unharmed, twoMinutes: 'without a network' },
  { name: 'nginx default in between', fate: unharmed, behind: 'nginx' },
  { name: 'each guest opens two tabs', fate: unharmed, inTwoTabs: true },
]
