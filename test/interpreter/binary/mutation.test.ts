import { describe, expect, it } from 'vitest'
import { decodeModule, InvalidModule, MalformedModule, UnsupportedFeature } from '../../../interpreter/binary/index.ts'
import { runtimeWasm } from '../../../interpreter/host/index.ts'
import { LinkError, lower, ProgramTooLarge } from '../../../interpreter/lower/index.ts'
import { taskRuntime } from '../../helpers/lowered.ts'
import { createRandom, type Random, TEST_SEED } from '../../helpers/random.ts'
import { randomProgram, SMALL } from '../../helpers/random-program.ts'
import { readTask } from '../../helpers/raw-task.ts'
import { encodeModule } from '../../helpers/wasm-builder.ts'

const MUTANTS = 12_000

type Bytes = Uint8Array<ArrayBuffer>

/** One to three small changes: a bit, a byte, a byte more or less, a shorter file. */
const mutate = (random: Random, source: Bytes): Bytes => {
  let bytes = [...source]
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(bytes.length)
    const kind = random.below(10)
    if (kind < 4) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
    else if (kind < 7) bytes[at] = random.below(256)
    else if (kind === 7) bytes.splice(at, 1)
    else if (kind === 8) bytes.splice(at, 0, random.below(256))
    else bytes = bytes.slice(0, at + 1)
  }
  return Uint8Array.from(bytes)
}

const judge = (bytes: Bytes): string => {
  try {
    const module = decodeModule(bytes)
    return lowerable(module)
  } catch (error) {
    if (error instanceof MalformedModule) return 'malformed'
    if (error instanceof UnsupportedFeature) return 'unsupported'
    if (error instanceof InvalidModule) return 'invalid'
    throw error
  }
}

/** Whatever is decoded either lowers or is refused by name. */
const lowerable = (module: ReturnType<typeof decodeModule>): string => {
  try {
    lower(module, taskRuntime)
    return 'lowered'
  } catch (error) {
    if (error instanceof LinkError || error instanceof ProgramTooLarge) return 'refused by the lowering'
    throw error
  }
}

describe('a module with changed bytes', () => {
  const sources: readonly Bytes[] = [
    ...Array.from({ length: 40 }, (_, i) => encodeModule(randomProgram(TEST_SEED + i, SMALL).spec)),
    runtimeWasm,
    readTask('sha256'),
  ]

  it('is taken only if the engine takes it, else refused by a named error', () => {
    const random = createRandom(TEST_SEED)
    const tally: Record<string, number> = {}
    const stricter: string[] = []
    for (let i = 0; i < MUTANTS; i++) {
      const mutant = mutate(random, random.pick(sources))
      const verdict = judge(mutant)
      const valid = WebAssembly.validate(mutant)
      const taken = verdict === 'lowered' || verdict === 'refused by the lowering'
      tally[verdict] = (tally[verdict] ?? 0) + 1
      if (taken || verdict === 'invalid') expect(valid, `mutant ${i}`).toBe(taken)
      if (verdict === 'malformed' && valid) stricter.push(Buffer.from(mutant).toString('hex'))
    }
    console.info(
      `seed ${TEST_SEED}: ${JSON.stringify(tally)}; malformed to us, valid to the engine: ${stricter.length}`,
    )
    for (const verdict of ['lowered', 'refused by the lowering', 'malformed', 'unsupported', 'invalid']) {
      expect(tally[verdict], verdict).toBeGreaterThan(0)
    }
    expect(stricter).toEqual([])
  })
})
