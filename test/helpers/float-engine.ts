import { ALU_ROWS, type AluRow, type NumberType, TRAP } from '../../spec/index.ts'
import { isNanBits } from './float-vectors.ts'
import type { Random } from './random.ts'
import { wasmOf } from './wat.ts'

/** Every ALU operation on floats. */
export const FLOAT_ROWS = ALU_ROWS.filter(({ group }) => group === 'f32' || group === 'f64' || group === 'truncate')

/** Operand and result of an operation, which are in its name as WebAssembly has it. */
export function typesOf({ name }: AluRow): { readonly operand: NumberType; readonly result: NumberType } {
  const [type, op] = name.split('.') as [NumberType, string]
  if (/^(eq|ne|lt|gt|le|ge)$/.test(op)) return { operand: type, result: 'i32' }
  const from = /_([if](?:32|64))(?:_[su])?$/.exec(op)?.[1]
  return { operand: (from as NumberType | undefined) ?? type, result: type }
}

const isFloat = (type: NumberType): type is 'f32' | 'f64' => type.startsWith('f')
const bitsOf = (type: NumberType): 32 | 64 => (type.endsWith('64') ? 64 : 32)

/** The operation on integers that hold the bits: JavaScript does not keep the payloads of NaNs. */
function moduleText(row: AluRow): string {
  const { operand, result } = typesOf(row)
  const integer = (type: NumberType) => `i${bitsOf(type)}`
  const read = (i: number) =>
    isFloat(operand) ? `(${operand}.reinterpret_${integer(operand)} (local.get ${i}))` : `(local.get ${i})`
  const operation = `(${row.name} ${Array.from({ length: row.reads }, (_, i) => read(i)).join(' ')})`
  const bits = isFloat(result) ? `(${integer(result)}.reinterpret_${result} ${operation})` : operation
  const params = Array.from({ length: row.reads }, () => `(param ${integer(operand)})`).join(' ')
  return `(func (export "${row.name}") ${params} (result ${integer(result)}) ${bits})`
}

/** Operations that keep the bits of a NaN. */
const KEEPS_BITS = /\.(abs|neg|copysign)$/

const CANONICAL = { f32: 0x7fc00000n, f64: 0x7ff8000000000000n } as const

function answerOf(row: AluRow, bits: bigint): bigint {
  const { result } = typesOf(row)
  return isFloat(result) && !KEEPS_BITS.test(row.name) && isNanBits(bits, result) ? CANONICAL[result] : bits
}

/** The trap of a conversion: V8 has one message for both. */
const trapOf = (row: AluRow, a: bigint): number =>
  isNanBits(a, typesOf(row).operand as 'f32' | 'f64') ? TRAP.INVALID_CONVERSION : TRAP.INTEGER_OVERFLOW

/** Every float operation as V8 does it, with the canonical NaN in place of its own. */
export function floatEngine(): (row: AluRow, a: bigint, b: bigint) => { r: bigint; trap: number } {
  const module = new WebAssembly.Module(wasmOf(`(module ${FLOAT_ROWS.map(moduleText).join('\n')})`))
  const { exports } = new WebAssembly.Instance(module)
  return (row, a, b) => {
    const { operand, result } = typesOf(row)
    const argument = (x: bigint) => (bitsOf(operand) === 64 ? BigInt.asIntN(64, x) : Number(BigInt.asIntN(32, x)))
    const operate = exports[row.name] as (...operands: (number | bigint)[]) => number | bigint
    try {
      const r = BigInt.asUintN(bitsOf(result), BigInt(operate(...[a, b].slice(0, row.reads).map(argument))))
      return { r: answerOf(row, r), trap: TRAP.NONE }
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError) || !/unrepresentable/.test(error.message)) throw error
      return { r: 0n, trap: trapOf(row, a) }
    }
  }
}

const scratch = new DataView(new ArrayBuffer(8))

/** Numbers around which results change, in either sign. */
const EDGES = [
  0,
  0.5,
  1,
  1.5,
  2.5,
  ...[23, 24, 31, 32, 52, 53, 63, 64, 127, 128].flatMap((k) => [2 ** k - 1, 2 ** k, 2 ** k + 1]),
  ...[-126, -149, -150, -1022, -1074].map((k) => 2 ** k),
  1.5 * 2 ** -149,
  3.4028234663852886e38,
  3.4028235677973366e38,
  Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
  Number.NaN,
].flatMap((x) => [x, -x])

function floatBits(x: number, type: 'f32' | 'f64'): bigint {
  if (type === 'f64') {
    scratch.setFloat64(0, x)
    return scratch.getBigUint64(0)
  }
  scratch.setFloat32(0, x)
  return BigInt(scratch.getUint32(0))
}

/** NaNs with payloads, quiet and signalling, and the neighbours of infinity. */
const PATTERNS = {
  f32: [0x7fc00001n, 0xffc12345n, 0x7f800001n, 0xff812345n, 0x7f7fffffn, 0x00000001n],
  f64: [0x7ff8000000000001n, 0xfff8123456789abcn, 0x7ff0000000000001n, 0xfff0123456789abcn, 0x7fefffffffffffffn, 1n],
} as const

function randomOperand(type: NumberType, random: Random): bigint {
  if (!isFloat(type)) return BigInt.asUintN(bitsOf(type), type === 'i64' ? random.int64() : BigInt(random.int32()))
  const kind = random.below(8)
  if (kind < 3) return floatBits(random.pick(EDGES), type)
  if (kind === 3) return random.pick(PATTERNS[type])
  if (kind === 4) return floatBits(Number(random.int64()) + random.pick([0, 0.25, 0.5]), type)
  return BigInt.asUintN(bitsOf(type), (BigInt(random.uint32()) << 32n) | BigInt(random.uint32()))
}

/** Of these every one meets every other: what becomes of two zeros or infinities depends on the signs of both. */
const SPECIAL = [0, -0, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]

/** Operands of an operation: edges first, each against a random one, then `count` random pairs. */
export function floatOperands(
  row: AluRow,
  random: Random,
  count: number,
): { readonly a: bigint; readonly b: bigint }[] {
  const { operand } = typesOf(row)
  const any = () => (row.reads === 2 ? randomOperand(operand, random) : 0n)
  const edges = isFloat(operand) ? [...EDGES.map((x) => floatBits(x, operand)), ...PATTERNS[operand]] : []
  const pairs = edges.flatMap((a) =>
    row.reads === 2
      ? [
          { a, b: a },
          { a, b: any() },
        ]
      : [{ a, b: 0n }],
  )
  const special = isFloat(operand) && row.reads === 2 ? SPECIAL.map((x) => floatBits(x, operand)) : []
  const specialPairs = special.flatMap((a) => special.map((b) => ({ a, b })))
  const randomPairs = Array.from({ length: count }, () => ({ a: randomOperand(operand, random), b: any() }))
  return [...specialPairs, ...pairs, ...randomPairs]
}
