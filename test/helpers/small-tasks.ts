/** Tasks of a few instructions, for tests that need a certain end rather than a certain result. */
import { encodeModule, type Instruction, type ModuleSpec } from './wasm-builder.ts'

const NOTHING = { params: [], results: [] } as const
const OUTPUT_WRITE = { module: 'substep', name: 'output_write', type: 1 } as const

function task(code: readonly Instruction[], more: Partial<ModuleSpec> = {}): Uint8Array {
  const imports = more.imports ?? []
  return encodeModule({
    types: [NOTHING, { params: ['i32', 'i32'], results: [] }],
    imports,
    functions: [{ type: 0, locals: [], code }],
    globals: [],
    exports: [{ name: 'main', kind: 'function', index: imports.length }],
    elements: [],
    data: [],
    ...more,
  })
}

const write = (length: number): Instruction[] => [
  { op: 'i32.const', value: 0 },
  { op: 'i32.const', value: length },
  { op: 'call', index: 0 },
]

export const nothing = (): Uint8Array => task([])

export const writing = (bytes: Uint8Array): Uint8Array =>
  task(write(bytes.length), {
    imports: [OUTPUT_WRITE],
    memory: { minimum: 1 },
    data: [{ offset: 0, bytes }],
  })

/** Writes four bytes, then divides by zero. */
export const dividing = (): Uint8Array =>
  task(
    [...write(4), { op: 'i32.const', value: 1 }, { op: 'i32.const', value: 0 }, { op: 'i32.div_u' }, { op: 'drop' }],
    { imports: [OUTPUT_WRITE], memory: { minimum: 1 } },
  )

/** Writes bytes that lie partly behind the end of its memory. */
export const beyondMemory = (): Uint8Array => task(write(65_537), { imports: [OUTPUT_WRITE], memory: { minimum: 1 } })

/** Has in memory what the task library leaves of a failed assertion in line 7 of a.ts, and traps, or does not. */
export const asserting = ({ trap } = { trap: true }): Uint8Array =>
  task(trap ? [{ op: 'unreachable' }] : [], {
    memory: { minimum: 1 },
    data: [
      { offset: 0, bytes: Uint8Array.of(104, 0, 0, 0, 204, 0, 0, 0, 7, 0, 0, 0, 3) },
      { offset: 100, bytes: Uint8Array.of(4, 0, 0, 0, ...Buffer.from('no', 'utf16le')) },
      { offset: 200, bytes: Uint8Array.of(8, 0, 0, 0, ...Buffer.from('a.ts', 'utf16le')) },
    ],
  })

export const endless = (): Uint8Array =>
  task([{ op: 'loop', type: 'empty', body: [{ op: 'br', index: 0 }] }], { memory: { minimum: 1 } })

export const importing = (name: string): Uint8Array => task([], { imports: [{ module: 'env', name, type: 0 }] })

export const withoutMain = (): Uint8Array => task([], { exports: [] })

/** Valid as bytes go, but `drop` finds nothing to drop. */
export const invalid = (): Uint8Array => task([{ op: 'drop' }])

/** A data segment behind the end of the memory. */
export const overflowing = (): Uint8Array =>
  task([], { memory: { minimum: 1 }, data: [{ offset: 65536, bytes: Uint8Array.of(1) }] })

/** Pushes and drops a v128, written by hand as the builder knows no vectors. */
export const vectorial = (): Uint8Array =>
  Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 4, 1, 0x60, 0, 0],
    ...[3, 2, 1, 0],
    ...[7, 8, 1, 4, 0x6d, 0x61, 0x69, 0x6e, 0, 0],
    ...[10, 23, 1, 21, 0, 0xfd, 12, ...Array<number>(16).fill(0), 0x1a, 0x0b],
  ])

/** Byte offset of `v128.const` in `vectorial`. */
export const VECTOR_OFFSET = 33
