import { UnsupportedFeature } from './errors.ts'
import { hexByte, malformed, type Reader, readU32 } from './reader.ts'
import { SIMD_NAMES } from './simd-names.ts'

/** Names of what the decoder knows and refuses. */
export const FEATURE = {
  MULTI_MEMORY: 'multiple memories',
  SIMD: 'SIMD',
  THREADS: 'threads',
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
  [0x14, FEATURE.FUNCTION_REFERENCES, 'call_ref return_call_ref'],
  [0x18, FEATURE.EXCEPTIONS, 'delegate catch_all'],
  [0x1f, FEATURE.EXCEPTIONS, 'try_table'],
  [0xd3, FEATURE.GC, 'ref.eq'],
  [0xd4, FEATURE.FUNCTION_REFERENCES, 'ref.as_non_null br_on_null br_on_non_null'],
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
const PREFIXES: ReadonlyMap<number, { readonly feature: Feature; readonly codes: ReadonlyMap<number, Unsupported> }> =
  new Map([
    [0xfb, { feature: FEATURE.GC, codes: new Map() }],
    [0xfd, { feature: FEATURE.SIMD, codes: unsupportedByCode([[0, FEATURE.SIMD, SIMD_NAMES]]) }],
    [0xfe, { feature: FEATURE.THREADS, codes: new Map() }],
  ])

export const unsupported = (reader: Reader, offset: number, what: string, feature: Feature): UnsupportedFeature =>
  new UnsupportedFeature(offset, what, feature, reader.func)

/** The error for a byte that begins none of the supported instructions; it has been read. */
export const refusedOpcode = (reader: Reader, offset: number, opcode: number): Error => {
  const known = OPCODES.get(opcode)
  if (known !== undefined) return unsupported(reader, offset, known.name, known.feature)
  const prefix = PREFIXES.get(opcode)
  if (prefix === undefined) return malformed(reader, offset, 'an instruction', hexByte(opcode))
  const code = readU32(reader, 'the number of an instruction')
  const name = prefix.codes.get(code)?.name ?? `${hexByte(opcode)} ${code}`
  return unsupported(reader, offset, name, prefix.feature)
}
