// A process of its own for faults.test.ts: makes one change and is killed at one of its steps.
// node killed.ts FOLDER OPERATION STEP. On standard input: the entries of its keychain.
import { text } from 'node:stream/consumers'
import { openDesktopFolder } from '../desktopFolder.ts'
import { faultyDisk } from './faultyDisk.ts'
import { memoryKeychain, ports } from './folders.ts'
import { operations } from './operations.ts'

const [, , folder = '', name, step] = process.argv
const operation = operations.find((known) => known.name === name)
if (operation === undefined) throw new Error('no such operation')
const keychain = memoryKeychain()
for (const [account, key] of JSON.parse(await text(process.stdin)) as [string, number[]][])
  keychain.entries.set(account, Uint8Array.from(key))
await using opened = await openDesktopFolder(folder, ports(keychain))
using disk = faultyDisk(Number(step), 'kill')
await operation.change(opened)
process.exitCode = disk.steps === 0 ? 1 : 0
