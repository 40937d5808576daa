import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { ALU_ROWS, type AluRow, TRAP } from '../../spec/index.ts'

/** One IEEE vector: operands and what the machine must answer, as bits. */
export interface FloatCase {
  readonly row: AluRow
  readonly a: bigint
  /** 0 where the operation takes one operand. */
  readonly b: bigint
  readonly r: bigint
  /** The trap, or 0; r is 0 where there is one. */
  readonly trap: number
}

/** The vectors of one file, in its order; lines as TestFloat writes them: operands, result, exception flags. */
export interface FloatFile {
  /** As in `f32_to_ui64.special`. */
  readonly name: string
  readonly row: AluRow
  readonly lines: readonly string[]
}

/** A file or a line that is no vector of an operation of the machine: nothing is left out silently. */
export class NoFloatVector extends Error {
  override readonly name = 'NoFloatVector'
  readonly what: string
  constructor(what: string) {
    super(`no float vector of the machine: ${what}`)
    this.what = what
  }
}

/** Folder with every vector, or undefined where the data is absent. */
export const floatFolder = (): string | undefined => {
  const data = process.env.SUBSTEP_TEST_DATA
  return data === undefined ? undefined : `${data}/float`
}

const SAMPLE = new URL('../float/sample.txt', import.meta.url)

/** Name of WebAssembly for a function of TestFloat, such as `i64.trunc_f32_u` for `f32_to_ui64`. */
function operationName(testFloat: string): string {
  const [, from, to] = /^(\w+)_to_(\w+)$/.exec(testFloat) ?? []
  if (from === undefined || to === undefined) return testFloat.replace('_', '.')
  const sign = (type: string) => (type.startsWith('u') ? 'u' : 's')
  const [source, target] = [from.replace('u', ''), to.replace('u', '')]
  if (!from.startsWith('f')) return `${target}.convert_${source}_${sign(from)}`
  if (!to.startsWith('f')) return `${target}.trunc_${source}_${sign(to)}`
  return `${target}.${target === 'f32' ? 'demote' : 'promote'}_${source}`
}

function rowOf(file: string): AluRow {
  const name = operationName(file.split('.')[0] as string)
  const row = ALU_ROWS.find((candidate) => candidate.name === name)
  if (row === undefined) throw new NoFloatVector(file)
  return row
}

/** Whether bits of a float are a NaN. */
export const isNanBits = (bits: bigint, float: 'f32' | 'f64'): boolean =>
  float === 'f32' ? (bits & 0x7fffffffn) > 0x7f800000n : (bits & (2n ** 63n - 1n)) > 0x7ff0000000000000n

/** Exception flag: the operation has no result. */
const INVALID = 0x10

/** The case that a line of a file states. */
export function floatCase(row: AluRow, line: string): FloatCase {
  const fields = line.split(' ')
  if (fields.length !== row.reads + 2 || !fields.every((field) => /^[0-9A-F]+$/.test(field)))
    throw new NoFloatVector(`${row.name}: ${line}`)
  const numbers = fields.map((field) => BigInt(`0x${field}`))
  const [a, b] = [numbers[0] as bigint, row.reads === 2 ? (numbers[1] as bigint) : 0n]
  const [r, flags] = numbers.slice(row.reads) as [bigint, bigint]
  if (row.group !== 'truncate' || (Number(flags) & INVALID) === 0) return { row, a, b, r, trap: TRAP.NONE }
  const trap = isNanBits(a, row.name.includes('_f32_') ? 'f32' : 'f64')
    ? TRAP.INVALID_CONVERSION
    : TRAP.INTEGER_OVERFLOW
  return { row, a, b, r: 0n, trap }
}

/** The cases of a file. */
export const floatCases = ({ row, lines }: FloatFile): FloatCase[] => lines.map((line) => floatCase(row, line))

/** Every vector there is: 257,338 in 84 files. */
export function readFloatFiles(folder: string): FloatFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt.gz'))
  return names.sort().map((file) => {
    const lines = gunzipSync(readFileSync(`${folder}/${file}`))
      .toString()
      .trim()
      .split('\n')
    const name = file.replace('.txt.gz', '')
    return { name, row: rowOf(name), lines }
  })
}

/** The sample that is checked in: a line `# name`, then vectors of that file. */
export function readFloatSample(): FloatFile[] {
  const [, ...sections] = readFileSync(fileURLToPath(SAMPLE), 'utf8').trim().split('\n# ')
  return sections.map((section) => {
    const [name, ...lines] = section.split('\n') as [string, ...string[]]
    return { name, row: rowOf(name), lines }
  })
}

/** All vectors where the data is present, the sample elsewhere. */
export function floatFiles(): FloatFile[] {
  const folder = floatFolder()
  return folder === undefined ? readFloatSample() : readFloatFiles(folder)
}

/** `count` vectors: as many of every file, or all of it, in even distances; what is over goes to the first files. */
export function drawFloatSample(files: readonly FloatFile[], count: number): FloatFile[] {
  const drawn = (share: number) => files.reduce((sum, { lines }) => sum + Math.min(lines.length, share), 0)
  let share = 0
  while (drawn(share + 1) <= count) share++
  let rest = count - drawn(share)
  return files.map(({ name, row, lines }) => {
    const taken = Math.min(lines.length, share) + (lines.length > share && rest-- > 0 ? 1 : 0)
    const at = (i: number) => lines[Math.floor((i * lines.length) / taken)] as string
    return { name, row, lines: Array.from({ length: taken }, (_, i) => at(i)) }
  })
}
