// memory: [0,16) abort record | from 1024, placed by the compiler: texts of failures and the areas below
// A digit d is the bit 1 << d of a u32, a set of digits some of these bits, an empty cell 0.
// Units are the 9 rows, the 9 columns and the 9 boxes, in this order.

import { inputSize, readInput, writeOutput } from '../../lib/host'

const CELLS: u32 = 81
const UNITS: u32 = 27
const DIGITS: u32 = 0x3fe
const NO_CELL: u32 = 0xffffffff
/** What forcedDigit says of a unit in which a digit has no cell left. */
const NOWHERE: u32 = 1
/** A choice is a cell, and below it the digits that are to be tried there. */
const CHOICE_SHIFT: u32 = 10
const SOLVED: u32 = 0xffffffff
const ZERO: u32 = 0x30
const DOT: u32 = 0x2e

/** The puzzle, later its solution, in ASCII. */
const TEXT = memory.data(81)
/** Cell: its digit. */
const GRID = memory.data(324, 4)
/** Unit: the digits that are in it. */
const USED = memory.data(108, 4)
/** Cell: where in USED its row, its column and its box have their sets, in bytes. */
const ROW = memory.data(81)
const COLUMN = memory.data(81)
const BOX = memory.data(81)
/** Unit: its nine cells. */
const MEMBERS = memory.data(243)

/** Output: the solution of the puzzle, the first in lexicographic order if there are several; nothing if there is none. */
export function main(): void {
  assert(inputSize() == CELLS, 'a puzzle has 81 cells')
  readInput(0, TEXT, CELLS)
  requirePuzzle()
  drawUnits()
  if (!placeGivens() || !search()) return
  for (let cell: u32 = 0; cell < CELLS; cell++) store<u8>(cell, ZERO + ctz(digitOf(cell)), TEXT)
  writeOutput(TEXT, CELLS)
}

function drawUnits(): void {
  for (let cell: u32 = 0; cell < CELLS; cell++) {
    const row = cell / 9
    const column = cell % 9
    const box = (row / 3) * 3 + column / 3
    join(cell, ROW, row, column)
    join(cell, COLUMN, 9 + column, row)
    join(cell, BOX, 18 + box, (row % 3) * 3 + (column % 3))
  }
}

function join(cell: u32, table: usize, unit: u32, place: u32): void {
  store<u8>(table + cell, unit * 4)
  store<u8>(unit * 9 + place, cell, MEMBERS)
}

/** All of the text is looked at before anything else: what is not a puzzle has no result. */
function requirePuzzle(): void {
  for (let cell: u32 = 0; cell < CELLS; cell++) {
    const character: u32 = load<u8>(cell, TEXT)
    assert(character == DOT || character - ZERO <= 9, 'a cell is a digit or a dot')
  }
}

/** False if two of them contradict each other. */
function placeGivens(): bool {
  for (let cell: u32 = 0; cell < CELLS; cell++) {
    const character: u32 = load<u8>(cell, TEXT)
    if (character == DOT || character == ZERO) continue
    const digit: u32 = 1 << (character - ZERO)
    if ((candidates(cell) & digit) == 0) return false
    flip(cell, digit)
  }
  return true
}

@inline
function digitOf(cell: u32): u32 {
  return load<u32>(cell << 2, GRID)
}

/** Digits that no unit of an empty cell has yet. */
@inline
function candidates(cell: u32): u32 {
  const row = load<u32>(load<u8>(cell, ROW), USED)
  const column = load<u32>(load<u8>(cell, COLUMN), USED)
  const box = load<u32>(load<u8>(cell, BOX), USED)
  return DIGITS & ~(row | column | box)
}

/** Puts a digit into an empty cell, or takes it out again. */
function flip(cell: u32, digit: u32): void {
  flipIn(cell << 2, digit, GRID)
  flipIn(load<u8>(cell, ROW), digit, USED)
  flipIn(load<u8>(cell, COLUMN), digit, USED)
  flipIn(load<u8>(cell, BOX), digit, USED)
}

@inline
function flipIn(place: usize, digit: u32, table: usize): void {
  store<u32>(table + place, load<u32>(table + place) ^ digit)
}

/** Backtracking: fills all empty cells, or leaves them empty and returns false. */
function search(): bool {
  const choice = choose()
  if (choice == SOLVED) return true
  const cell = choice >> CHOICE_SHIFT
  for (let rest = choice & DIGITS; rest != 0; rest &= rest - 1) {
    const digit = rest & -rest
    flip(cell, digit)
    if (search()) return true
    flip(cell, digit)
  }
  return false
}

@inline
function choiceOf(cell: u32, digits: u32): u32 {
  return (cell << CHOICE_SHIFT) | digits
}

/**
 * A cell with one digit or none if there is one, else the first empty cell with all its candidates. Forced digits lose no
 * solution, and the free choice goes through the cells in order, so the first solution found is the first of all.
 */
function choose(): u32 {
  let firstEmpty = NO_CELL
  for (let cell: u32 = 0; cell < CELLS; cell++) {
    if (digitOf(cell) != 0) continue
    const digits = candidates(cell)
    if ((digits & (digits - 1)) == 0) return choiceOf(cell, digits)
    if (firstEmpty == NO_CELL) firstEmpty = cell
  }
  if (firstEmpty == NO_CELL) return SOLVED
  for (let unit: u32 = 0; unit < UNITS; unit++) {
    const digit = forcedDigit(unit)
    if (digit == NOWHERE) return choiceOf(firstEmpty, 0)
    if (digit != 0) return choiceOf(cellFor(unit, digit), digit)
  }
  return choiceOf(firstEmpty, candidates(firstEmpty))
}

/** A digit for which the unit has one cell only, 0 if there is none. */
function forcedDigit(unit: u32): u32 {
  let once: u32 = 0
  let twice: u32 = 0
  const end = unit * 9 + 9
  for (let member = unit * 9; member < end; member++) {
    const cell: u32 = load<u8>(member, MEMBERS)
    if (digitOf(cell) != 0) continue
    const digits = candidates(cell)
    twice |= once & digits
    once |= digits
  }
  if ((once | load<u32>(unit << 2, USED)) != DIGITS) return NOWHERE
  const single = once & ~twice
  return single & -single
}

/** The cell of the unit that has the digit among its candidates. */
function cellFor(unit: u32, digit: u32): u32 {
  let member = unit * 9
  while (true) {
    const cell: u32 = load<u8>(member++, MEMBERS)
    if (digitOf(cell) == 0 && (candidates(cell) & digit) != 0) return cell
  }
}
