import { InputRefused } from '../input-refused.ts'

const CELLS = 81
const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const
const ALL = DIGITS.reduce((set, digit) => set | (1 << digit), 0)
const ZERO = '0'.charCodeAt(0)

/** For each cell the digits that it can still have: bit 1 << d for the digit d. */
type Candidates = Uint16Array<ArrayBuffer>

/**
 * The solution of a puzzle, 81 characters; the first in lexicographic order if there are several, empty if there is none.
 * @throws InputRefused if the input is not a puzzle
 */
export function sudoku(input: Uint8Array): Uint8Array {
  if (input.length !== CELLS) throw new InputRefused('a puzzle has 81 cells')
  const text = String.fromCharCode(...input)
  if (!/^[0-9.]*$/.test(text)) throw new InputRefused('a cell is a digit or a dot')
  const givens = Array.from(text, (character) => Number(character.replace('.', '0')))
  const solution = search(Uint16Array.from(givens, (digit) => (digit === 0 ? ALL : 1 << digit)))
  return Uint8Array.from(solution ?? [], (single) => ZERO + Math.log2(single))
}

/** What follows from the rules, then the candidates of the first open cell one after the other. */
function search(candidates: Candidates): Candidates | undefined {
  if (!narrow(candidates)) return undefined
  const open = candidates.findIndex((set) => set !== 0 && !isSingle(set))
  if (open === -1) return candidates
  for (const digit of DIGITS) {
    if ((candidates[open]! & (1 << digit)) === 0) continue
    const solution = search(candidates.with(open, 1 << digit))
    if (solution) return solution
  }
  return undefined
}

/** Applies the rules of all units until nothing changes; false if a digit has no cell left in one of them. */
function narrow(candidates: Candidates): boolean {
  let before: string
  do {
    before = candidates.join()
    if (!UNITS.every((unit) => narrowUnit(candidates, unit))) return false
  } while (candidates.join() !== before)
  return true
}

function narrowUnit(candidates: Candidates, unit: readonly number[]): boolean {
  for (const cell of unit) {
    const set = candidates[cell]!
    if (isSingle(set)) for (const other of unit) if (other !== cell) candidates[other]! &= ~set
  }
  return DIGITS.every((digit) => {
    const places = unit.filter((cell) => candidates[cell]! & (1 << digit))
    if (places.length === 1) candidates[places[0]!] = 1 << digit
    return places.length > 0
  })
}

const isSingle = (set: number) => set !== 0 && (set & (set - 1)) === 0

const rowOf = (cell: number) => Math.floor(cell / 9)
const columnOf = (cell: number) => cell % 9
const boxOf = (cell: number) => 3 * Math.floor(cell / 27) + Math.floor((cell % 9) / 3)
/** The cells of every row, column and box. */
const UNITS = [rowOf, columnOf, boxOf].flatMap((unitOf) => {
  const cells = Array.from({ length: CELLS }, (_, cell) => cell)
  return DIGITS.map((digit) => cells.filter((cell) => unitOf(cell) === digit - 1))
})
