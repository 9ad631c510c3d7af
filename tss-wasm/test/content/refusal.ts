import assert from 'node:assert/strict'
import { ContentRefused } from '../../content/refused.ts'

/** Where content breaks which rule; it has to. */
export function refusal(read: () => unknown): { readonly field: string; readonly rule: string } {
  try {
    read()
  } catch (error) {
    assert.ok(error instanceof ContentRefused, String(error))
    return { field: error.field, rule: error.rule }
  }
  assert.fail('was not refused')
}
