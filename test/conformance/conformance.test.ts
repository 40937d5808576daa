import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SUBSTEPS } from '../../spec/index.ts'
import { createReporter, type EngineName } from './engines.ts'
import type { Reporter } from './report.ts'
import { countAssertions, outOfScope, SUITE, suiteFiles, suiteIsThere, suiteMissing } from './suite.ts'

if (!suiteIsThere) console.warn(`skipped: ${suiteMissing()}`)

const inScope = suiteIsThere ? suiteFiles(SUITE).filter((name) => outOfScope(name) === null) : []

/** Some of every kind that a judge gets through in seconds. `npm run conformance` gives him all. */
const JUDGED = [
  ...['block', 'br_if', 'conversions', 'elem', 'endianness', 'exports', 'float_literals', 'float_memory', 'func_ptrs'],
  ...['global', 'imports', 'int_exprs', 'linking', 'memory_size', 'memory_trap', 'ref_func', 'ref_is_null', 'return'],
  ...['select', 'start', 'switch', 'table_fill', 'table_get', 'table_set', 'traps', 'unreachable', 'unwind'],
]

/** Some of every kind; each run compiles code of its own. */
const NATIVE = [
  ...['fac', 'float_memory', 'func_ptrs', 'linking', 'memory_grow', 'memory_trap', 'stack', 'start', 'switch'],
  ...['table_fill', 'table_grow', 'unwind'],
]

const SAMPLES: readonly (readonly [EngineName, readonly string[]])[] = [
  ['v8', ['conversions', 'exports', 'f32', 'linking', 'ref_null', 'table_init']],
  ['interpreter', inScope],
  ['native', NATIVE],
  ['stepper', JUDGED],
]

describe.skipIf(!suiteIsThere).each(SAMPLES)('the official suite on %s', (name, files) => {
  let reporter: Reporter

  beforeAll(async () => {
    reporter = await createReporter(name, () => {})
  })

  afterAll(() => reporter.close())

  it.each(files)('passes every assertion of %s', async (file) => {
    const { passed, failed, reasons, steps = 0, substeps = 0, native } = await reporter.report(SUITE, file)
    expect(reasons).toEqual([])
    expect(failed).toBe(0)
    expect(passed).toBe(countAssertions(readFileSync(join(SUITE, `${file}.wast`))))
    if (name === 'native') expect(native?.nativeSteps).toBeGreaterThan(0)
    if (name === 'stepper') expect(substeps).toBe(SUBSTEPS * steps)
  })
})

describe.skipIf(!suiteIsThere)('the official suite', () => {
  it('is whole, and out of scope is what needs SIMD', () => {
    expect(suiteFiles(SUITE)).toHaveLength(148)
    expect(inScope).toHaveLength(90)
    expect(suiteFiles(SUITE).filter((name) => outOfScope(name) !== null && !name.startsWith('simd/'))).toEqual([])
  })
})
