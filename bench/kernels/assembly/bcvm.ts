// A machine of sixteen operations on 32-bit registers, in memory, runs SIZE rounds of a generator of random numbers.
// an instruction: operation, target, left, right, a byte each; jumps are relative to the next instruction

import { answer } from './answer'
import { SIZE } from './size'

const HALT: u8 = 0
const SET: u8 = 1
const MOVE: u8 = 2
const ADD: u8 = 3
const SUBTRACT: u8 = 4
const MULTIPLY: u8 = 5
const AND: u8 = 6
const OR: u8 = 7
const XOR: u8 = 8
const SHIFT_LEFT: u8 = 9
const SHIFT_RIGHT: u8 = 10
const ADD_NUMBER: u8 = 11
const JUMP: u8 = 12
const JUMP_IF: u8 = 13
const JUMP_IF_LESS: u8 = 14
const LOAD: u8 = 15

const REGISTERS = memory.data(64)
const ROUNDS: usize = 0
const STATE: usize = 4
const SUM: usize = 8

/** r0 rounds to go, r1 state, r2 sum, r3 scratch, r4 a mask: xorshift32, whose middle bits are added up. */
const PROGRAM = memory.data<u8>([
  SHIFT_LEFT, 3, 1, 13,
  XOR, 1, 1, 3,
  SHIFT_RIGHT, 3, 1, 17,
  XOR, 1, 1, 3,
  SHIFT_LEFT, 3, 1, 5,
  XOR, 1, 1, 3,
  SHIFT_RIGHT, 3, 1, 8,
  AND, 3, 3, 4,
  ADD, 2, 2, 3,
  ADD_NUMBER, 0, 0, 255,
  JUMP_IF, 245, 0, 0,
  HALT, 0, 0, 0,
])

export function main(): void {
  for (let at: usize = 0; at < 64; at += 4) store<u32>(REGISTERS + at, 0)
  store<u32>(REGISTERS + ROUNDS, SIZE)
  store<u32>(REGISTERS + STATE, 1)
  store<u32>(REGISTERS + 16, 0xffff)
  run(PROGRAM)
  answer(load<u32>(REGISTERS + SUM))
}

@inline
function register(at: usize, field: usize): usize {
  return REGISTERS + ((<usize>load<u8>(at + field)) << 2)
}

function run(program: usize): void {
  for (let at = program; ; ) {
    const target = register(at, 1)
    const left = load<u32>(register(at, 2))
    const number = load<u8>(at, 3)
    switch (load<u8>(at)) {
      case HALT: return
      case SET: store<u32>(target, number); break
      case MOVE: store<u32>(target, left); break
      case ADD: store<u32>(target, left + load<u32>(register(at, 3))); break
      case SUBTRACT: store<u32>(target, left - load<u32>(register(at, 3))); break
      case MULTIPLY: store<u32>(target, left * load<u32>(register(at, 3))); break
      case AND: store<u32>(target, left & load<u32>(register(at, 3))); break
      case OR: store<u32>(target, left | load<u32>(register(at, 3))); break
      case XOR: store<u32>(target, left ^ load<u32>(register(at, 3))); break
      case SHIFT_LEFT: store<u32>(target, left << number); break
      case SHIFT_RIGHT: store<u32>(target, left >> number); break
      case ADD_NUMBER: store<u32>(target, left + <u32>load<i8>(at, 3)); break
      case JUMP: at += (<isize>load<i8>(at, 1)) << 2; break
      case JUMP_IF: if (left != 0) at += (<isize>load<i8>(at, 1)) << 2; break
      case JUMP_IF_LESS: if (left < load<u32>(register(at, 3))) at += (<isize>load<i8>(at, 1)) << 2; break
      case LOAD: store<u32>(target, load<u32>(REGISTERS + (left & 60))); break
      default: unreachable()
    }
    at += 4
  }
}
