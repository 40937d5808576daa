import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** Constants of contracts/generated/Spec.sol, with expressions such as `(104 << 8) | 32` left as they are. */
const constants = new Map(
  [...readFileSync('contracts/generated/Spec.sol', 'utf8').matchAll(/constant (\w+) = ([^;]+);/g)].map(
    ([, name, value]) => [name as string, value as string],
  ),
)

/** Typed by hand from docs/machine.md. */
const BY_HAND: Readonly<Record<string, string>> = {
  MACHINE_VERSION: '2',
  SUBSTEPS: '12',
  STACK_LIMIT: '1048575',
  MAX_PAGES: '65536',
  REGS_STEPS: '(136 << 8) | 64',
  REGS_PC: '(104 << 8) | 32',
  REGS_SP: '(72 << 8) | 32',
  REGS_PAGES: '(40 << 8) | 32',
  REGS_STATUS: '(32 << 8) | 8',
  REGS_EXIT: '(0 << 8) | 32',
  REGS_BITS: '200',
  MISC_SUBSTEP: '(0 << 8) | 8',
  MISC_TRAP: '(8 << 8) | 32',
  MISC_NEXT: '(40 << 8) | 32',
  MISC_PAGES: '(72 << 8) | 32',
  WORD_ALU: '(248 << 8) | 8',
  WORD_CONTROL: '(240 << 8) | 8',
  WORD_UNIT: '(232 << 8) | 8',
  WORD_ACCESS: '(224 << 8) | 8',
  WORD_A: '(192 << 8) | 32',
  WORD_RESULT: '(96 << 8) | 32',
  WORD_DELTA: '(64 << 8) | 32',
  WORD_IMM_HI: '(32 << 8) | 32',
  WORD_IMM_LO: '(0 << 8) | 32',
  REGION_CODE: '0',
  REGION_OUTPUT: '7',
  DEPTH_CODE: '24',
  DEPTH_MEMORY: '27',
  DEPTH_STACK: '20',
  DEPTH_GLOBALS: '16',
  DEPTH_TABLES: '24',
  DEPTHS: '0x1b1b1b1810141b18',
  BYTE_REGIONS: '0xe2',
  LOADABLE_REGIONS: '0xfa',
  STORABLE_REGIONS: '0x9a',
  OP_ROTR: '28',
  OP_DIV_S: '17',
  I32_BASE: '32',
  I64_BASE: '64',
  F32_BASE: '128',
  F64_BASE: '160',
  FLOAT_ADD: '0',
  FLOAT_COPYSIGN: '6',
  FLOAT_EQ: '8',
  FLOAT_GE: '13',
  FLOAT_ABS: '16',
  FLOAT_NEAREST: '22',
  FLOAT_CONVERT_I32_S: '24',
  FLOAT_CONVERT_I64_U: '27',
  FLOAT_CONVERSION: '28',
  // Bits 0 to 6, 8 to 13, 16 to 22, 24 to 28.
  FLOAT_OPS: '0x1f7f3f7f',
  TRUNCATE_BASE: '192',
  TRUNCATE_UNSIGNED: '1',
  TRUNCATE_I64: '2',
  TRUNCATE_SATURATING: '4',
  TRUNCATE_F64: '8',
  TRUNCATE_KINDS: '16',
  ALU_CHECKREF: '10',
  CONTROL_HALT: '9',
  TRAP_UNREACHABLE: '1',
  TRAP_MEMORY_BOUNDS: '2',
  TRAP_INTEGER_OVERFLOW: '4',
  TRAP_INVALID_CONVERSION: '5',
  TRAP_TABLE_BOUNDS: '9',
  TRAP_STACK_EXHAUSTED: '10',
  TRAP_ILLEGAL: '11',
  STATUS_TRAPPED: '2',
}

describe('generated constants', () => {
  it.each(Object.entries(BY_HAND))('%s is %s', (name, value) => {
    expect(constants.get(name)).toBe(value)
  })
})
