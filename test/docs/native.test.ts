import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Checkout, checkout } from '../helpers/checkout.ts'
import { ROOT } from '../helpers/command.ts'
import { runSource } from '../helpers/transcript.ts'

const document = readFileSync(join(ROOT, 'docs', 'native.md'), 'utf8')

let place: Checkout

beforeAll(() => {
  place = checkout()
})

afterAll(() => place?.remove())

describe('docs/native.md', () => {
  it('names states in the middle of a run', () => {
    const { printed, told } = runSource(document, place)
    expect(told).toHaveLength(4)
    expect(printed).toEqual(told)
  })
})
