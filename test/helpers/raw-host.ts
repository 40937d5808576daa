import { runtimeWasm } from '../../interpreter/host/index.ts'
import type { RuntimeFunction } from '../../interpreter/lower/runtime.ts'
import { BYTES_DATA_OFFSET, INTRINSIC_MODULE } from '../../spec/index.ts'
import type { HostFunctions } from './raw-task.ts'

export const PAGE_BYTES = 65_536

/** What the engine calls in place of the machine's trap. */
export class MemoryBoundsTrap extends Error {
  override readonly name = 'MemoryBoundsTrap'
}

/** The byte at an address of a region. */
export type ReadByte = (address: number) => number

/** What the engine calls in place of the machine's trap of tables. */
export class TableBoundsTrap extends Error {
  override readonly name = 'TableBoundsTrap'
}

type BulkFunctions = Readonly<Record<RuntimeFunction, (...operands: (number | bigint)[]) => number | undefined>>

export interface RawHost extends HostFunctions, BulkFunctions {
  readonly memory: Uint8Array
  /** Bytes of the region OUTPUT that were stored, by address. */
  readonly output: ReadonlyMap<number, number>
  /** The region DATA. */
  readonly data: Uint8Array
  /** References in TABLES; whether they are present is not kept. */
  readonly tables: BigUint64Array
  readonly globals: Uint32Array
}

/** The region that holds these bytes. */
export function byteRegion(bytes: Uint8Array): ReadByte {
  return (address) =>
    address < BYTES_DATA_OFFSET ? lengthByte(bytes.length, address) : bytes[address - BYTES_DATA_OFFSET]!
}

/** A byte of leaf 0: the length as a little-endian u64, then zeros. */
export function lengthByte(length: number, address: number): number {
  return address < 8 ? Number((BigInt(length) >> BigInt(8 * address)) & 0xffn) : 0
}

/** What has been written, as long as the region's length says. */
export function outputBytes(host: RawHost): Uint8Array {
  const length = Number(load64((address) => host.output.get(address) ?? 0, 0))
  return Uint8Array.from({ length }, (_, i) => host.output.get(BYTES_DATA_OFFSET + i)!)
}

/** The compiled runtime functions in the engine itself, over regions made of JavaScript. */
export function createRawHost(input: ReadByte, pages = 1, outputLength = 0): RawHost {
  const memory = new WebAssembly.Memory({ initial: pages })
  const output = new Map<number, number>()
  const readOutput: ReadByte = (address) => output.get(address) ?? lengthByte(outputLength, address)
  const [data, tables, globals] = [new Uint8Array(2 ** 16), new BigUint64Array(2 ** 12), new Uint32Array(16)]
  const machine = {
    input_load8: (address: number) => input(address >>> 0),
    input_load64: (address: number) => load64(input, address >>> 0),
    output_load64: (address: number) => load64(readOutput, address >>> 0),
    output_store8: (address: number, value: number) => void output.set(address >>> 0, value & 0xff),
    output_store64: (address: number, value: bigint) => store64(output, address >>> 0, value),
    data_load8: (address: number) => itemOf(data, address),
    data_load64: (address: number) => load64((at) => itemOf(data, at), address >>> 0),
    table_load: (leaf: number) => BigInt.asIntN(64, itemOf(tables, leaf)),
    table_store: (leaf: number, reference: bigint) => {
      itemOf(tables, leaf)
      tables[leaf] = reference
    },
    global_load: (leaf: number) => itemOf(globals, leaf),
    global_store: (leaf: number, value: number) => {
      itemOf(globals, leaf)
      globals[leaf] = value
    },
    trap_memory_bounds: () => {
      throw new MemoryBoundsTrap('memory bounds')
    },
    trap_table_bounds: () => {
      throw new TableBoundsTrap('table bounds')
    },
  }
  const module = new WebAssembly.Module(runtimeWasm)
  const instance = new WebAssembly.Instance(module, { [INTRINSIC_MODULE]: machine, env: { memory } })
  const functions = instance.exports as unknown as HostFunctions & BulkFunctions
  return { ...functions, memory: new Uint8Array(memory.buffer), output, data, tables, globals }
}

/** What a region holds at an index; the functions never look beyond what is there. */
function itemOf<T>(region: { readonly [index: number]: T }, index: number): T {
  const item = region[index]
  if (item === undefined) throw new RangeError(`index ${index} lies beyond the region`)
  return item
}

function load64(read: ReadByte, address: number): bigint {
  let value = 0n
  for (let i = 7; i >= 0; i--) value = (value << 8n) | BigInt(read(inRegion(address + i)))
  return BigInt.asIntN(64, value)
}

function store64(region: Map<number, number>, address: number, value: bigint): void {
  for (let i = 0; i < 8; i++) region.set(inRegion(address + i), Number((value >> BigInt(8 * i)) & 0xffn))
}

/** A region ends at 2^32: beyond it the machine would trap in the middle of a copy. */
function inRegion(address: number): number {
  if (address >= 2 ** 32) throw new RangeError(`address ${address} lies beyond the region`)
  return address
}
