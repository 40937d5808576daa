import { UnsupportedFeature } from './errors.ts'
import { hexByte, malformed, type Reader, readU32 } from './reader.ts'
import { SIMD_NAMES } from './simd-names.ts'

/** Names of what the decoder knows and refuses. */
export const FEATURE = {
  FLOAT: 'floating point',
  SIGN_EXTENSION: 'sign extension',
  SATURATING: 'saturating conversion',
  BULK: 'bulk memory',
  REFERENCES: 'reference types',
  MULTI_VALUE: 'multi-value',
  MULTI_MEMORY: 'multiple memories',
  SIMD: 'SIMD',
  THREADS: 'threads',
  TAIL_CALLS: 'tail calls',
  EXCEPTIONS: 'exceptions',
  FUNCTION_REFERENCES: 'typed function references',
  GC: 'garbage collection',
  MEMORY64: '64-bit memory',
  PAGE_SIZES: 'custom page sizes',
  EXTENDED_CONST: 'extended constant expressions',
} as const

export type Feature = (typeof FEATURE)[keyof typeof FEATURE]

type Run = readonly [first: number, feature: Feature, names: string]

/** Consecutive opcodes by name; `-` is a gap. Source: WebAssembly core specification and its finished proposals. */
const SINGLE_BYTE: readonly Run[] = [
  [0x06, FEATURE.EXCEPTIONS, 'try catch throw rethrow throw_ref'],
  [0x12, FEATURE.TAIL_CALLS, 'return_call return_call_indirect'],
  [0x14, FEATURE.FUNCTION_REFERENCES, 'call_ref return_call_ref'],
  [0x18, FEATURE.EXCEPTIONS, 'delegate catch_all'],
  [0x1c, FEATURE.REFERENCES, 'select_with_type'],
  [0x1f, FEATURE.EXCEPTIONS, 'try_table'],
  [0x25, FEATURE.REFERENCES, 'table.get table.set'],
  [0x2a, FEATURE.FLOAT, 'f32.load f64.load'],
  [0x38, FEATURE.FLOAT, 'f32.store f64.store'],
  [0x43, FEATURE.FLOAT, 'f32.const f64.const'],
  [0x5b, FEATURE.FLOAT, 'f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge'],
  [0x8b, FEATURE.FLOAT, 'f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt'],
  [0x92, FEATURE.FLOAT, 'f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign'],
  [0x99, FEATURE.FLOAT, 'f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt'],
  [0xa0, FEATURE.FLOAT, 'f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign'],
  [0xa8, FEATURE.FLOAT, 'i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u'],
  [0xae, FEATURE.FLOAT, 'i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u'],
  [0xb2, FEATURE.FLOAT, 'f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64'],
  [0xb7, FEATURE.FLOAT, 'f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32'],
  [0xbc, FEATURE.FLOAT, 'i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64'],
  [0xc0, FEATURE.SIGN_EXTENSION, 'i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s'],
  [0xd0, FEATURE.REFERENCES, 'ref.null ref.is_null ref.func'],
  [0xd3, FEATURE.GC, 'ref.eq'],
  [0xd4, FEATURE.FUNCTION_REFERENCES, 'ref.as_non_null br_on_null br_on_non_null'],
]

const SATURATING: readonly Run[] = [
  [0, FEATURE.SATURATING, 'i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u'],
  [4, FEATURE.SATURATING, 'i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u'],
  [8, FEATURE.BULK, 'memory.init data.drop memory.copy memory.fill table.init elem.drop table.copy'],
  [15, FEATURE.REFERENCES, 'table.grow table.size table.fill'],
]

interface Unsupported {
  readonly name: string
  readonly feature: Feature
}

const unsupportedByCode = (runs: readonly Run[]): ReadonlyMap<number, Unsupported> => {
  const entries = runs.flatMap(([first, feature, names]) =>
    names.split(' ').map((name, k): [number, Unsupported] => [first + k, { name, feature }]),
  )
  return new Map(entries.filter(([, { name }]) => name !== '-'))
}

const OPCODES = unsupportedByCode(SINGLE_BYTE)

/** Opcodes that are followed by a number; where the names are not known, the number names the instruction. */
const PREFIXES: ReadonlyMap<
  number,
  { readonly feature: Feature | null; readonly codes: ReadonlyMap<number, Unsupported> }
> = new Map([
  [0xfb, { feature: FEATURE.GC, codes: new Map() }],
  [0xfc, { feature: null, codes: unsupportedByCode(SATURATING) }],
  [0xfd, { feature: FEATURE.SIMD, codes: unsupportedByCode([[0, FEATURE.SIMD, SIMD_NAMES]]) }],
  [0xfe, { feature: FEATURE.THREADS, codes: new Map() }],
])

export const unsupported = (reader: Reader, offset: number, what: string, feature: Feature): UnsupportedFeature =>
  new UnsupportedFeature(offset, what, feature, reader.func)

/** The error for an opcode that is not in the table of supported ones; the opcode has been read. */
export const refusedOpcode = (reader: Reader, offset: number, opcode: number): Error => {
  const known = OPCODES.get(opcode)
  if (known !== undefined) return unsupported(reader, offset, known.name, known.feature)
  const prefix = PREFIXES.get(opcode)
  if (prefix === undefined) return malformed(reader, offset, 'an instruction', hexByte(opcode))
  const code = readU32(reader, 'the number of an instruction')
  const found = prefix.codes.get(code)
  const name = `${hexByte(opcode)} ${code}`
  if (found !== undefined) return unsupported(reader, offset, found.name, found.feature)
  if (prefix.feature !== null) return unsupported(reader, offset, name, prefix.feature)
  return malformed(reader, offset, 'an instruction', name)
}
