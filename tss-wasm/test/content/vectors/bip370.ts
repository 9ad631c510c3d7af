// BIP-370, "Test Vectors" (BSD-2-Clause, Ava Chow), field by field: all of them are one of three PSBTs with a field more, or one less.

type Fields = readonly string[]

/** A PSBT: its maps one after the other, each with its end. */
const psbt = (...maps: readonly Fields[]) => `70736274ff${maps.map((fields) => `${fields.join('')}00`).join('')}`

const unsigned =
  '01007102000000010b0ad921419c1c8719735d72dc739f9ea9e0638d1fe4c1eef0f9944084815fc80000000000feffffff020008af2f00000000160014c430f64c4756da310dbd1a085572ef299926272c8bbdeb0b00000000160014a07dac8ab6ca942d379ed795f835ba71c9cc688500000000'
const previous =
  '0100520200000001c1aa256e214b96a1822f93de42bff3b5f3ff8d0519306e3515d7515a5e805b120000000000ffffffff0118c69a3b00000000160014b0a3af144208412693ca7d166852b52db0aef06e00000000'
const coin = '01011f18c69a3b00000000160014b0a3af144208412693ca7d166852b52db0aef06e'
const witness =
  '01086b02473044022005275a485734e0ae1f3b971237586f0e72dc85833d278c0e474cd23112c0fa5e02206b048c83cebc3c41d0b93cc7da76185cedbd030d005b08018be2b98bbacbdf7b012103760dcca05f3997dc65b293060f7f29f1514c8c527048e12802b041d4fc340a27'
const first =
  '220202d601f84846a6755f776be00e3d9de8fb10acc935fb83c45fb0162d4cad5ab79218f69d873e540000800100008000000080000000002a000000'
const second =
  '2202036efe2c255621986553ba9d65c3ddc64165ca1436e05aa35a4c6eb02451cf796d18f69d873e5400008001000080000000800100000062000000'
const other =
  '220202e36fbff53dd534070cf8fd396614680f357a9b85db7340bf1cfa745d2ad7b34018f69d873e5400008001000080000000800100000064000000'

/** Whose the only coin is. */
export const owner = '03760dcca05f3997dc65b293060f7f29f1514c8c527048e12802b041d4fc340a27'

const transaction = { version: '01020402000000', lockTime: '01030400000000', inputs: '01040101', outputs: '01050102' }
const global = [transaction.version, transaction.inputs, transaction.outputs]
const ofVersion2 = '01fb0402000000'
const from = {
  id: '010e200b0ad921419c1c8719735d72dc739f9ea9e0638d1fe4c1eef0f9944084815fc8',
  index: '010f0400000000',
  sequence: '011004feffffff',
  time: '0111048c8dc462',
  height: '01120410270000',
}
const input = [previous, coin, from.id, from.index]
const pays = {
  amounts: ['0103080008af2f00000000', '0103088bbdeb0b00000000'],
  scripts: ['0104160014c430f64c4756da310dbd1a085572ef299926272c', '01041600144dd193ac964a56ac1b9e1cca8454fe2f474f8513'],
} as const
const output1 = [first, pays.amounts[0], pays.scripts[0]]
const output2 = [other, pays.amounts[1], pays.scripts[1]]

const version0 = (more: readonly [global?: string, input?: string, output?: string]) =>
  psbt([unsigned, more[0] ?? ''], [previous, coin, witness, more[1] ?? ''], [first, more[2] ?? ''], [second])

/** Version 0 with a field of version 2. */
const mixed = {
  'the number 2 of a version': version0([ofVersion2]),
  PSBT_GLOBAL_TX_VERSION: version0([transaction.version]),
  PSBT_GLOBAL_FALLBACK_LOCKTIME: version0(['01030402000000']),
  PSBT_GLOBAL_INPUT_COUNT: version0(['01040102']),
  PSBT_GLOBAL_OUTPUT_COUNT: version0(['01050102']),
  PSBT_GLOBAL_TX_MODIFIABLE: version0(['01060100']),
  PSBT_IN_PREVIOUS_TXID: version0(['', from.id]),
  PSBT_IN_OUTPUT_INDEX: version0(['', from.index]),
  PSBT_IN_SEQUENCE: version0(['', '011004ffffffff']),
  PSBT_IN_REQUIRED_TIME_LOCKTIME: version0(['', from.time]),
  PSBT_IN_REQUIRED_HEIGHT_LOCKTIME: version0(['', from.height]),
  PSBT_OUT_AMOUNT: version0(['', '', pays.amounts[0]]),
  PSBT_OUT_SCRIPT: version0(['', '', pays.scripts[0]]),
}

const whole = [...global.toSpliced(1, 0, transaction.lockTime), ofVersion2]
const without = (fields: Fields, field: string) => fields.filter((each) => each !== field)
const sequenced = [...input, from.sequence]
/** Version 2 without what it needs, or with a lock time that is none of its kind. */
const incomplete = {
  PSBT_GLOBAL_INPUT_COUNT: psbt(without(whole, transaction.inputs), sequenced, output1, output2),
  PSBT_GLOBAL_OUTPUT_COUNT: psbt(without(whole, transaction.outputs), sequenced, output1, output2),
  PSBT_IN_PREVIOUS_TXID: psbt(whole, without(sequenced, from.id), output1, output2),
  PSBT_IN_OUTPUT_INDEX: psbt(whole, without(sequenced, from.index), output1, output2),
  PSBT_OUT_AMOUNT: psbt(whole, sequenced, without(output1, pays.amounts[0]), output2),
  PSBT_OUT_SCRIPT: psbt(whole, sequenced, without(output1, pays.scripts[0]), output2),
  'a time that is a height': psbt([...global, ofVersion2], [...input, '011104ff64cd1d'], output1, output2),
  'a height that is a time': psbt([...global, ofVersion2], [...input, '0112040065cd1d'], output1, output2),
}

export const invalid: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(mixed).map(([name, hex]) => [`version 0 with ${name}`, hex])),
  ...Object.fromEntries(Object.entries(incomplete).map(([name, hex]) => [`version 2: ${name}`, hex])),
}

/** Of one coin; with the lock time that it stands for. */
export const valid: readonly (readonly [name: string, hex: string, lockTime: number])[] = [
  ['updated', psbt([...global, ofVersion2], input, output1, output2), 0],
  ['with a sequence', psbt([...global, ofVersion2], sequenced, output1, output2), 0],
  ['with all lock times', psbt(whole, [...sequenced, from.time, from.height], output1, output2), 10_000],
  ['whose inputs may be changed', psbt([...global, '01060101', ofVersion2], input, output1, output2), 0],
]

const coins = [
  '010e200f758dbfbd4da7c16c8a3309c3c81e1100f561ea646db5b01752c485e1bdde9f010f0401000000',
  '010e203a1b3b3c837d6489ea7a31d8e6c7dd503c001bef3e06958e7574808d68ca78a5010f0400000000',
]
const [early, late, low, high] = ['0111048b8dc462', '0111048c8dc462', '01120428230000', '01120410270000']
const locked = (one: Fields, two: Fields) =>
  psbt(
    [transaction.version, transaction.lockTime, '01040102', '01050101', ofVersion2],
    [coins[0] ?? '', ...one],
    [coins[1] ?? '', ...two],
    ['0103084f93357700000000', '01041600140b1352cacd03cf6aa1b7f3c8d6388671b34a5e11'],
  )
/** Of two coins, with the lock time that follows from what they ask for; undefined: none does. */
export const lockTimes: readonly (readonly [hex: string, lockTime: number | undefined])[] = [
  [locked([high], []), 10_000],
  [locked([high], [low]), 10_000],
  [locked([high], [late, low]), 10_000],
  [locked([early, high], [late, low]), 10_000],
  [locked([early], [late, low]), 1_657_048_460],
  [locked([early, high], [late]), 1_657_048_460],
  [locked([], [late]), 1_657_048_460],
  [locked([high], [late]), undefined],
]
