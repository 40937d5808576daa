import { describe, expect, it } from 'vitest'
import {
  decodeModule,
  InvalidModule,
  instructionText,
  MalformedModule,
  type Module,
  UnsupportedFeature,
} from '../../../interpreter/binary/index.ts'
import { runtimeWasm } from '../../../interpreter/host/index.ts'
import { LinkError, lower, ProgramTooLarge } from '../../../interpreter/lower/index.ts'
import { taskRuntime } from '../../helpers/lowered.ts'
import { createRandom, type Random, TEST_SEED } from '../../helpers/random.ts'
import { randomProgram, SMALL } from '../../helpers/random-program.ts'
import { readTask } from '../../helpers/raw-task.ts'
import { wabtTakes } from '../../helpers/wabt-validator.ts'
import { encodeModule } from '../../helpers/wasm-builder.ts'
import { wasmOf } from '../../helpers/wat.ts'

const MUTANTS = 5_000

type Bytes = Uint8Array<ArrayBuffer>

/** Small, and with something of everything, so that a change of a byte often makes another valid module. */
const FEATURES = wasmOf(`(module
  (type (func)) (type (func (param i32) (result i32 f64))) (type (func (param externref) (result externref)))
  (import "a" "f" (func (type 1))) (import "a" "g" (global i32)) (import "a" "h" (global externref))
  (import "a" "t" (table 1 9 funcref)) (table 3 externref) (memory 1 2)
  (global (mut f64) (f64.const 1.5)) (global funcref (ref.func 1)) (global i64 (i64.const -1))
  (elem (table 0) (global.get 0) func 0 1) (elem func 1 2) (elem declare func 2)
  (elem (table 1) (i32.const 1) externref (ref.null extern) (global.get 1)) (elem funcref (ref.func 1) (ref.null func))
  (data (i32.const 8) "abc") (data "xy") (start 2) (export "f" (func 1)) (export "m" (memory 0)) (export "t" (table 1))
  (func (type 1) (local f64 externref)
    local.get 0 if (result f64) f64.const 2 else global.get 2 end local.set 1
    i32.const 0 i32.const 1 i32.const 2 memory.init 1 data.drop 1
    i32.const 0 i32.const 1 i32.const 2 memory.copy i32.const 0 i32.const 1 i32.const 2 memory.fill
    local.get 0 block (type 1) f64.const -0 end f64.sqrt i32.trunc_sat_f64_u i32.add
    local.get 1 local.get 0 br_if 0 local.get 2 ref.is_null br_if 0
    drop i32.extend8_s table.size 1 i32.add local.get 0 return_call_indirect (type 1))
  (func
    i32.const 0 i32.const 0 i32.const 1 table.init 0 1 elem.drop 1
    i32.const 0 i32.const 0 i32.const 1 table.copy 0 0 i32.const 0 ref.func 2 i32.const 1 table.fill 0
    ref.null extern i32.const 1 table.grow 1 drop i32.const 0 i32.const 0 table.get 1 table.set 1
    ref.func 1 ref.null func memory.size select (result funcref) drop
    block i32.const 0 br_table 0 1 0 end f32.const nan i32.const 4 i32.const 5 f32.load offset=3 f32.store
    return_call 2)
  (func (type 2) (param externref) (result externref) local.get 0))`)

const sources = (): readonly Bytes[] => [
  ...Array.from({ length: 40 }, (_, i) => encodeModule(randomProgram(TEST_SEED + i, SMALL).spec)),
  ...Array<Bytes>(20).fill(FEATURES),
  runtimeWasm,
  readTask('sha256'),
]

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
    for (const { body } of module.functions) for (const instruction of body) instructionText(instruction)
    return lowerable(module)
  } catch (error) {
    if (error instanceof MalformedModule) return 'malformed'
    if (error instanceof UnsupportedFeature) return 'unsupported'
    if (error instanceof InvalidModule) return 'invalid'
    throw error
  }
}

/** Whatever is decoded either lowers or is refused by name. */
const lowerable = (module: Module): string => {
  try {
    lower(module, taskRuntime)
    return 'lowered'
  } catch (error) {
    if (error instanceof LinkError || error instanceof ProgramTooLarge) return 'refused by the lowering'
    throw error
  }
}

describe('a module with changed bytes', () => {
  it('is taken only if engine and validator take it, else refused by a named error', () => {
    const random = createRandom(TEST_SEED)
    const pool = sources()
    const tally: Record<string, number> = {}
    const differences: string[] = []
    for (let i = 0; i < MUTANTS; i++) {
      const mutant = mutate(random, random.pick(pool))
      const verdict = judge(mutant)
      const valid = WebAssembly.validate(mutant)
      const taken = verdict === 'lowered' || verdict === 'refused by the lowering'
      tally[verdict] = (tally[verdict] ?? 0) + 1
      const others = valid && wabtTakes(mutant)
      if (verdict !== 'unsupported' && others !== taken) differences.push(`${verdict}: ${hex(mutant)}`)
    }
    console.info(`seed ${TEST_SEED}: ${JSON.stringify(tally)}`)
    for (const verdict of ['lowered', 'refused by the lowering', 'malformed', 'unsupported', 'invalid']) {
      expect(tally[verdict], verdict).toBeGreaterThan(0)
    }
    expect(differences).toEqual([])
  })
})

const hex = (bytes: Bytes): string => Buffer.from(bytes).toString('hex')
