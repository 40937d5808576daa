import { describe, expect, it } from 'vitest'
import { toHex } from '../../../interpreter/commit/bits.ts'
import { encodeWitness } from '../../../interpreter/commit/witness.ts'
import type { Program } from '../../../interpreter/lower/program.ts'
import { Machine } from '../../../interpreter/machine/machine.ts'
import { SUBSTEPS } from '../../../spec/index.ts'
import { lowerFields } from '../../helpers/lowered.ts'
import { NO_INPUT } from '../interpreter.ts'
import { Keccak } from './keccak.ts'
import { LiveTree } from './live-tree.ts'
import { loadProgram } from './load-program.ts'
import { Packet } from './packet.ts'
import { Walker } from './walker.ts'

/** Every region that a program can touch, stores across leaves, calls and returns that cut the stack, at last a trap. */
const FIELDS = `
  (memory 1 2) (data (i32.const 100) "some bytes") (data $passive "passive")
  (table $t 4 8 funcref) (elem (i32.const 0) $double)
  (global $g (mut i64) (i64.const 5))
  (func $double (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func $deep (param i32) (result i32 i64)
    (local i64 i64 f64)
    (if (result i32 i64) (local.get 0)
      (then (call $deep (i32.sub (local.get 0) (i32.const 1))))
      (else (i32.const 7) (i64.const -1))))
  (func $start
    (i64.store (i32.const 60) (i64.load (i32.const 99)))
    (memory.init $passive (i32.const 200) (i32.const 1) (i32.const 3))
    (table.set $t (i32.const 2) (ref.func $double))
    (drop (call_indirect $t (param i32) (result i32) (i32.const 21) (i32.const 2)))
    (global.set $g (i64.add (global.get $g) (i64.const 1)))
    (drop (drop (call $deep (i32.const 9))))
    (drop (memory.grow (i32.const 1)))
    (drop (i32.trunc_f32_s (f32.const nan))))
  (start $start)`

/** Witnesses and answers by the definition, all hashes made anew, as digits. */
function byDefinition(program: Program) {
  const machine = new Machine(program, NO_INPUT)
  const exact = machine.exact()
  let witnesses = ''
  let answers = ''
  let steps = 0
  for (const end = new Machine(program, NO_INPUT); !end.stopped; end.step(), steps++) {
    for (let n = 0; n < SUBSTEPS; n++) {
      const words = encodeWitness(exact.witness())
      witnesses += words.length.toString(16).padStart(8, '0') + words.map((word) => toHex(word).slice(2)).join('')
      answers += exact.stateHash().slice(2)
      exact.substep()
      answers += exact.stateHash().slice(2)
    }
  }
  return { witnesses, answers, steps, end: exact.stateHash() }
}

describe('Walker', () => {
  it('writes down what the definition gives, witness by witness and hash by hash', () => {
    const program = lowerFields(FIELDS)
    const expected = byDefinition(program)
    const keccak = new Keccak()
    const [tree, packet] = [new LiveTree(keccak), new Packet(keccak, 120)]
    loadProgram(tree, program)
    const walker = new Walker(tree, packet)
    walker.start(new Machine(program, NO_INPUT).core())
    let [witnesses, answers] = ['', '']
    const send = () => {
      const sealed = packet.seal()
      witnesses += sealed.witnesses.toString('latin1', 0, 2 * sealed.length)
      answers += sealed.answers.toString('latin1')
    }
    for (let step = 0; step < expected.steps; step++) {
      walker.step()
      if (packet.full) send()
    }
    send()
    expect(expected.steps).toBeGreaterThan(150)
    expect(witnesses === expected.witnesses).toBe(true)
    expect(answers === expected.answers).toBe(true)
    expect(`0x${walker.stateHash()}`).toBe(expected.end)
  })
})
