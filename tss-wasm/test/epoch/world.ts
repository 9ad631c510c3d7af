import { type Action, type Attempt, decide, type Situation } from '../../epoch/decide.ts'

/**
 * A wallet and everybody who ever holds a share of it, on a network that loses, doubles and holds back, with devices that
 * die between any two writes. Documents are what they are by their authors' word: who signs what is tested elsewhere.
 */
export type Decide = (situation: Situation) => Action

interface Proposed {
  readonly number: number
  readonly parent: number
  readonly threshold: number
  readonly members: readonly number[]
}
/** What a party said of an attempt. */
interface Word {
  readonly from: number
  readonly attempt: number
  readonly says: 'confirmation' | 'withdrawal'
}

/** What survives a death, and what does not. */
interface Device {
  current: number | undefined
  readonly held: Set<number>
  readonly said: Map<number, Word['says']>
  readonly heard: Set<string>
  readonly unspoken: Set<number>
  readonly running: Set<number>
  readonly noted: Set<number>
  isAlive: boolean
  /** Never comes back. */
  isLost: boolean
}

/** Draws from 0 to below `end`. */
export type Draw = (end: number) => number

export interface Outcome {
  readonly finding: string | undefined
  readonly steps: number
  readonly attempts: number
  readonly certified: number
  readonly deaths: number
}

export function live(draw: Draw, rule: Decide = decide): Outcome {
  const founders = 2 + draw(4)
  const size = founders + 4
  const first: Proposed = {
    number: 0,
    parent: -1,
    threshold: 2 + draw(founders - 1),
    members: Array.from({ length: founders }, (_, i) => i),
  }
  const proposals = [first]
  const devices = Array.from({ length: size }, (_, i) => newDevice(i < founders))
  const words: Word[] = []
  let deaths = 0
  let finding: string | undefined

  const keyOf = ({ from, attempt, says }: Word) => `${from} ${attempt} ${says}`
  const device = (id: number): Device => {
    const found = devices[id]
    if (found === undefined) throw new Error('no such device')
    return found
  }
  const saysAll = (members: readonly number[], holds: (id: number) => boolean) => members.every(holds)
  /** Whether there is a certificate somewhere, or could be, all words being written down. */
  const isCertified = ({ number, members }: Proposed) =>
    number > 0 && saysAll(members, (id) => device(id).said.get(number) === 'confirmation')

  function situationOf(id: number): Situation {
    const own = device(id)
    const knows = (from: number, attempt: number, says: Word['says']) => own.heard.has(keyOf({ from, attempt, says }))
    const attempts = proposals.slice(1).flatMap(({ number, parent, members }): Attempt[] => {
      const isMember = members.includes(id)
      const hasCertificate = members.every((one) => knows(one, number, 'confirmation'))
      if (!own.noted.has(number) && !hasCertificate) return []
      return [
        {
          number,
          parent,
          isMember,
          isStored: own.held.has(number),
          isRunning: own.running.has(number),
          said: own.said.get(number) ?? 'nothing',
          isHeard: own.heard.has(keyOf({ from: id, attempt: number, says: own.said.get(number) ?? 'confirmation' })),
          isCertified: hasCertificate,
          isAborted: members.some((one) => knows(one, number, 'withdrawal')),
        },
      ]
    })
    return { current: own.current, attempts, held: [...own.held], unspoken: [...own.unspoken] }
  }

  /** Every line is one write; a device may die behind any of them. */
  function perform(id: number, action: Action, mayDie: boolean): void {
    const own = device(id)
    const died = (): boolean => mayDie && draw(8) === 0 && kill(own)
    switch (action.do) {
      case 'switch':
        own.current = action.to
        break
      case 'leave':
        own.current = action.under
        break
      case 'erase':
        own.held.delete(action.epoch)
        own.unspoken.add(action.epoch)
        break
      case 'say retired':
        own.unspoken.delete(action.epoch)
        break
      case 'drop':
        own.held.delete(action.attempt)
        break
      case 'confirm':
      case 'withdraw':
        own.said.set(action.attempt, action.do === 'confirm' ? 'confirmation' : 'withdrawal')
        own.running.delete(action.attempt)
        if (!died()) say(id, action.attempt)
        break
      case 'repeat':
        say(id, action.attempt)
        break
      case 'report loss':
        finding ??= `${id} has lost its share of ${action.of}`
        break
      case 'ask':
      case 'rest':
    }
    check()
  }

  /** The word is with the coordinator, which may keep it from anybody; the answer that it is may be lost. */
  function say(id: number, attempt: number, isLossy = true): void {
    const says = device(id).said.get(attempt)
    if (says === undefined || (isLossy && draw(4) === 0)) return
    const word = { from: id, attempt, says }
    if (!words.some((one) => keyOf(one) === keyOf(word))) words.push(word)
    if (!isLossy || draw(4) > 0) device(id).heard.add(keyOf(word))
  }

  function kill(own: Device): boolean {
    own.isAlive = false
    own.running.clear()
    deaths += 1
    return true
  }

  /** The rest of the protocol is in protocols/: here it gives shares or it does not. */
  function deal(): void {
    const parents = proposals.filter((one) => one.number === 0 || isCertified(one))
    const parent = parents[draw(parents.length)] ?? first
    const dealers = parent.members.filter((id) => {
      const own = device(id)
      return own.isAlive && own.current === parent.number && own.held.has(parent.number)
    })
    if (dealers.length < parent.threshold) return
    const members = devices.map((_, id) => id).filter((id) => draw(2) === 0 && device(id).isAlive)
    if (members.length < 2) return
    const number = proposals.length
    proposals.push({ number, parent: parent.number, threshold: 2 + draw(members.length - 1), members })
    for (const id of members) {
      device(id).noted.add(number)
      device(id).running.add(number)
    }
  }

  function store(id: number): void {
    const own = device(id)
    for (const number of own.running) {
      const { parent } = proposals[number] ?? first
      if (own.current !== undefined && own.current > parent) continue
      own.held.add(number)
      own.running.delete(number)
      if (draw(6) === 0) kill(own)
      check()
      return
    }
  }

  function check(): void {
    if (finding !== undefined) return
    const certified = proposals.filter(isCertified)
    for (const { number, members } of certified) {
      if (members.some((id) => device(id).said.get(number) === 'withdrawal'))
        finding = `${number} is certified and aborted`
    }
    const signers = ({ number, members }: Proposed) =>
      members.filter((id) => device(id).held.has(number) && (device(id).current ?? 0) <= number).length
    const top = certified.at(-1) ?? first
    const before = proposals[top.parent]
    const isComplete = signers(top) === top.members.length
    const isBefore = before !== undefined && signers(before) >= before.threshold
    if (!isComplete && !isBefore) finding = `nobody can sign: epoch ${top.number}`
  }

  function settle(): void {
    for (const own of devices) own.isAlive = !own.isLost
    for (let turn = 0; turn < 40 && finding === undefined; turn += 1) {
      let isQuiet = true
      for (const [id, own] of devices.entries()) {
        if (own.isLost) continue
        own.running.clear()
        for (const attempt of own.said.keys()) say(id, attempt, false)
        for (const word of words) own.heard.add(keyOf(word))
        const action = rule(situationOf(id))
        if (action.do === 'ask' || action.do === 'rest') continue
        isQuiet = false
        perform(id, action, false)
      }
      if (isQuiet) return
    }
    finding ??= 'it never comes to rest'
  }

  function checkRest(): void {
    const top = proposals.filter(isCertified).filter(isPublished).at(-1) ?? first
    for (const [id, { current, held, isLost, said }] of devices.entries()) {
      if (isLost) continue
      const isMember = top.members.includes(id)
      const isConcerned = isMember || current !== undefined
      if (isConcerned && top.number > 0 && current !== top.number)
        finding ??= `${id} rests in ${current}, not in ${top.number}`
      if (isMember && !held.has(top.number)) finding ??= `${id} has no share of ${top.number}`
      const left = [...held].filter((epoch) => epoch < top.number)
      if (left.length > 0) finding ??= `${id} still holds ${left.join()} beside ${top.number}`
      const open = [...held].filter((epoch) => epoch > top.number && said.get(epoch) !== 'confirmation')
      if (open.length > 0) finding ??= `${id} rests with ${open.join()} unsaid`
    }
  }

  /** A lost device may have written its word down and never said it: then nobody else will ever have the certificate. */
  function isPublished({ number, members }: Proposed): boolean {
    return members.every((from) =>
      words.some((word) => keyOf(word) === keyOf({ from, attempt: number, says: 'confirmation' })),
    )
  }

  const steps = 60 + draw(240)
  for (let step = 0; step < steps && finding === undefined; step += 1) {
    const id = draw(size)
    const own = device(id)
    const chance = draw(20)
    if (!own.isAlive) {
      if (!own.isLost && chance < 6) own.isAlive = true
    } else if (chance === 0 && proposals.length < 5) deal()
    else if (chance < 4) store(id)
    else if (chance === 4) kill(own)
    else if (chance < 10) {
      const word = words[draw(words.length)]
      if (word !== undefined) own.heard.add(keyOf(word)) // again and out of order, or never
    } else if (chance === 10 && draw(10) === 0 && devices.filter(({ isLost }) => isLost).length === 0) {
      own.isLost = true
      kill(own)
    } else if (chance === 11) {
      // It changes its mind, as it may until it has confirmed.
      const open = [...own.noted].find((number) => !own.said.has(number))
      if (open !== undefined) perform(id, { do: 'withdraw', attempt: open }, true)
    } else perform(id, rule(situationOf(id)), true)
  }
  settle()
  if (finding === undefined) checkRest()
  return { finding, steps, attempts: proposals.length - 1, certified: proposals.filter(isCertified).length, deaths }
}

function newDevice(isFounder: boolean): Device {
  return {
    current: isFounder ? 0 : undefined,
    held: new Set(isFounder ? [0] : []),
    said: new Map(),
    heard: new Set(),
    unspoken: new Set(),
    running: new Set(),
    noted: new Set(),
    isAlive: true,
    isLost: false,
  }
}
