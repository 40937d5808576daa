import { ALU_ROWS, type AluRow, TRAP } from '../../spec/index.ts'
import { NUMERIC_ROWS, type NumericRow } from './wasm-opcodes.ts'
import { wasmOf } from './wat.ts'

/** Integer instructions whose operations bear other names in the machine. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'i32.wrap_i64': 'i32.ext32',
  'i64.extend_i32_u': 'i32.ext32',
  'i64.extend_i32_s': 'i64.ext32',
  'i32.extend8_s': 'i32.ext8',
  'i32.extend16_s': 'i32.ext16',
  'i64.extend8_s': 'i64.ext8',
  'i64.extend16_s': 'i64.ext16',
  'i64.extend32_s': 'i64.ext32',
}

/** An integer instruction of WebAssembly and the operation of the machine that stands for it. */
export interface IntegerRow extends NumericRow {
  readonly alu: AluRow
}

/** Every integer instruction; i32.ext32 of the machine has no instruction of its own. */
export const INTEGER_ROWS: readonly IntegerRow[] = NUMERIC_ROWS.flatMap((row) => {
  const alu = ALU_ROWS.find(({ name }) => name === (EXTENSIONS[row.op] ?? row.op))
  const isInteger = [...row.params, row.result].every((type) => type.startsWith('i'))
  return isInteger && alu !== undefined ? [{ ...row, alu }] : []
})

const bitsOf = (type: string): 32 | 64 => (type === 'i64' ? 64 : 32)

const functionText = ({ op, params, result }: NumericRow): string =>
  `(func (export "${op}") ${params.map((type) => `(param ${type})`).join(' ')} (result ${result})
    (${op} ${params.map((_, i) => `(local.get ${i})`).join(' ')}))`

const trapOf = (error: unknown): number => {
  if (error instanceof WebAssembly.RuntimeError && /by zero/.test(error.message)) return TRAP.DIVISION_BY_ZERO
  if (error instanceof WebAssembly.RuntimeError && /unrepresentable/.test(error.message)) return TRAP.INTEGER_OVERFLOW
  throw error
}

/** Every integer instruction as V8 does it. */
export function integerEngine(): (row: NumericRow, a: bigint, b: bigint) => { r: bigint; trap: number } {
  const module = new WebAssembly.Module(wasmOf(`(module ${INTEGER_ROWS.map(functionText).join('\n')})`))
  const { exports } = new WebAssembly.Instance(module)
  return ({ op, params, result }, a, b) => {
    const operate = exports[op] as (...operands: (number | bigint)[]) => number | bigint
    const operands = params.map((type, i) => {
      const x = BigInt.asIntN(bitsOf(type), i === 0 ? a : b)
      return type === 'i64' ? x : Number(x)
    })
    try {
      return { r: BigInt.asUintN(bitsOf(result), BigInt(operate(...operands))), trap: TRAP.NONE }
    } catch (error) {
      return { r: 0n, trap: trapOf(error) }
    }
  }
}

const ones = (bits: number): bigint => 2n ** BigInt(bits) - 1n

/** Where signs, widths and shift counts change, and two numbers without a pattern. */
export const INTEGER_EDGES: readonly bigint[] = [
  ...[0n, 1n, 2n, 7n, 31n, 32n, 33n, 63n, 64n, 65n],
  ...[7, 8, 15, 16, 31, 32, 63].flatMap((bits) => [ones(bits), 2n ** BigInt(bits)]),
  ...[ones(64), ones(64) - 1n, ones(64) - 6n, ones(32) - 6n, 0x0123456789abcdefn, 0xfedcba9876543210n],
]
