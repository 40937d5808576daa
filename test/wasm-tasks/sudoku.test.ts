import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../scripts/build-tasks/compile.ts'
import { InputRefused, sudoku } from '../../wasm-tasks/index.ts'
import { createRandom, type Random, TEST_SEED } from '../helpers/random.ts'
import { answerOf, readTask } from '../helpers/raw-task.ts'
import { documentedSteps, runInMachine } from '../helpers/task-machine.ts'

/** Puzzles and their solutions as they are published, a line for each row. */
const PUBLISHED: Readonly<Record<string, readonly [puzzle: string, solution: string]>> = {
  'Wikipedia, "Sudoku"': [
    '53..7.... 6..195... .98....6. 8...6...3 4..8.3..1 7...2...6 .6....28. ...419..5 ....8..79',
    '534678912 672195348 198342567 859761423 426853791 713924856 961537284 287419635 345286179',
  ],
  'Project Euler 96, grid 01': [
    '003020600 900305001 001806400 008102900 700000008 006708200 002609500 800203009 005010300',
    '483921657 967345821 251876493 548132976 729564138 136798245 372689514 814253769 695417382',
  ],
  'Royle, 17 givens': [
    '000000010 400000000 020000000 000050407 008000300 001090000 300400200 050100000 000806000',
    '693784512 487512936 125963874 932651487 568247391 741398625 319475268 856129743 274836159',
  ],
  'Inkala 2010': [
    '..53..... 8......2. .7..1.5.. 4....53.. .1..7...6 ..32...8. .6.5....9 ..4....3. .....97..',
    '145327698 839654127 672918543 496185372 218473956 753296481 367542819 984761235 521839764',
  ],
  'Inkala 2012': [
    '8........ ..36..... .7..9.2.. .5...7... ....457.. ...1...3. ..1....68 ..85...1. .9....4..',
    '812753649 943682175 675491283 154237896 369845721 287169534 521974368 438526917 796318452',
  ],
  'Wikipedia, against brute force': [
    '......... .....3.85 ..1.2.... ...5.7... ..4...1.. .9....... 5......73 ..2.1.... ....4...9',
    '987654321 246173985 351928746 128537694 634892157 795461832 519286473 472319568 863745219',
  ],
  'Norvig, "hard1"': [
    '4.....8.5 .3....... ...7..... .2.....6. ....8.4.. ....1.... ...6.3.7. 5..2..... 1.4......',
    '417369825 632158947 958724316 825437169 791586432 346912758 289643571 573291684 164875293',
  ],
  'Platinum Blonde': [
    '.......12 ........3 ..23..4.. ..18....5 .6..7.8.. .....9... ..85..... 9...4.5.. 47...6...',
    '839465712 146782953 752391486 391824675 564173829 287659341 628537194 913248567 475916238',
  ],
  'Sudopedia, two solutions': [
    '.39...12. ...9.7... 8..4.1..6 .42...79. ......... .91...54. 5..1.9..3 ...8.5... .14...87.',
    '439658127 156927384 827431956 342516798 785294631 691783542 578149263 263875419 914362875',
  ],
  'no givens': [
    '......... ......... ......... ......... ......... ......... ......... ......... .........',
    '123456789 456789123 789123456 214365897 365897214 897214365 531642978 642978531 978531642',
  ],
}

/** The invalid test cases of Sudopedia that have no solution. */
const UNSOLVABLE: Readonly<Record<string, string>> = {
  'the same given twice in a box':
    '..9.7...5 ..21..9.. 1...28... .7...5..1 ..851.... .5....3.. .....3..6 8........ 21.....87',
  'the same given twice in a column':
    '6.159.... .9..1.... ........4 .7.314..6 .24.....5 ..3....1. ..6.....3 ...9.2.4. .....16..',
  'the same given twice in a row':
    '.4.1..35. ......... ...2.5... ...4.89.. 26.....12 .5.3....7 ..4...16. 6....7... .1..8..2.',
  'a cell without a candidate':
    '..9.287.. 8.6..4..5 ..3.....4 6........ .2.71345. ........2 3.....5.. 9..4..8.7 ..125.3..',
  'a box without a place': '.9.3....1 ....8..46 ......8.. 4.5.6..3. ..32756.. .6..1.9.4 ..1...... 58..2.... 2....7.6.',
  'a column without a place':
    '....41... .6.....2. ..2...... 32.6..... ....5..41 7.......2 ......23. .48...... 5.1..2...',
  'a row without a place': '9..1....4 .14.3.8.. ..3....9. ...7.8..1 8....3... .......3. .21....7. ..9.4.5.. 5...16..3',
}

const binary = readTask('sudoku')

const bytesOf = (text: string) => new TextEncoder().encode(text)
const puzzleOf = (rows: string) => bytesOf(rows.replaceAll(' ', ''))

describe.each(Object.entries(PUBLISHED))('the puzzle %s', (_name, [puzzle, solution]) => {
  it('has the published solution in the reference', () => {
    expect(sudoku(puzzleOf(puzzle))).toEqual(puzzleOf(solution))
  })

  it('has the published solution in the task, with dots and with zeros', () => {
    for (const text of [puzzle.replaceAll('.', '0'), puzzle.replaceAll('0', '.')]) {
      expect(answerOf(binary, puzzleOf(text))).toEqual({ output: puzzleOf(solution) })
    }
  })

  it('is what remains of the solution when cells are emptied', () => {
    expect(puzzle.replace(/[.0]/g, (_, i: number) => solution[i]!)).toBe(solution)
  })

  it('has a solution that solves itself', () => {
    expect(answerOf(binary, puzzleOf(solution))).toEqual({ output: puzzleOf(solution) })
    expect(sudoku(puzzleOf(solution))).toEqual(puzzleOf(solution))
  })
})

describe.each(Object.entries(UNSOLVABLE))('a puzzle with %s', (_name, puzzle) => {
  it('has an empty result', () => {
    expect(sudoku(puzzleOf(puzzle))).toHaveLength(0)
    expect(runInMachine('sudoku', puzzleOf(puzzle))).toMatchObject({
      outcome: 'halted',
      exitCode: 0,
      output: new Uint8Array(0),
    })
  })
})

describe('malformed input', () => {
  const solved = PUBLISHED['no givens']![1].replaceAll(' ', '')
  const CELLS = 'a puzzle has 81 cells'
  const CHARACTER = 'a cell is a digit or a dot'

  it.each([
    ['nothing', '', CELLS],
    ['a cell too few', solved.slice(1), CELLS],
    ['a line end behind it', `${solved}\n`, CELLS],
    ['the character before 0', `/${solved.slice(1)}`, CHARACTER],
    ['the character after 9', `${solved.slice(1)}:`, CHARACTER],
    ['a blank', `${solved.slice(0, 40)} ${solved.slice(41)}`, CHARACTER],
    ['a wrong character behind a contradiction', `11${solved.slice(2, 80)}x`, CHARACTER],
  ])('is %s: the task traps and says so', (_name, text, reason) => {
    expect(() => sudoku(bytesOf(text))).toThrow(new InputRefused(reason))
    expect(answerOf(binary, bytesOf(text))).toEqual({ refused: `unreachable: ${reason}` })
    expect(runInMachine('sudoku', bytesOf(text)).outcome).toBe('trapped')
  })

  it('is every byte but eleven', () => {
    const first = (byte: number) => Uint8Array.of(byte, ...bytesOf('.'.repeat(80)))
    const accepted = Array.from({ length: 256 }, (_, byte) => byte).filter(
      (byte) => 'output' in answerOf(binary, first(byte)),
    )
    expect(String.fromCharCode(...accepted)).toBe('.0123456789')
  })
})

/** The published solutions moved about by what keeps a solution one: other digits, transposition, rows and bands. */
function randomSolution(random: Random): number[] {
  const names = shuffled(random, [1, 2, 3, 4, 5, 6, 7, 8, 9])
  const lines = () =>
    shuffled(random, [0, 1, 2]).flatMap((band) => shuffled(random, [0, 1, 2]).map((i) => 3 * band + i))
  const solution = random.pick(Object.values(PUBLISHED))[1].replaceAll(' ', '')
  const [rows, columns] = [lines(), lines()]
  const turned = random.chance(0.5)
  return rows.flatMap((row) =>
    columns.map((column) => names[Number(solution[turned ? 9 * column + row : 9 * row + column]) - 1]!),
  )
}

function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const left = [...items]
  return items.map(() => left.splice(random.below(left.length), 1)[0]!)
}

/** A solution of which `empty` cells are emptied; sometimes one of the others is changed, mostly into a wrong one. */
function randomPuzzle(random: Random, empty: number, wrong: boolean): number[] {
  const puzzle = randomSolution(random)
  const order = shuffled(random, [...puzzle.keys()])
  for (const cell of order.slice(0, empty)) puzzle[cell] = 0
  if (wrong) puzzle[order.at(-1)!] = 1 + random.below(9)
  return puzzle
}

const textOf = (digits: readonly number[]) => bytesOf(digits.join(''))

/** The definition: the first solution that counting up through all grids would find. */
function firstSolution(puzzle: readonly number[]): number[] {
  const grid = [...puzzle]
  const fits = (cell: number, digit: number) =>
    grid.every((other, at) => other !== digit || at === cell || !related(cell, at))
  const search = (cell: number): boolean => {
    if (cell === 81) return true
    if (puzzle[cell]) return search(cell + 1)
    for (let digit = 1; digit <= 9; digit++) {
      if (!fits(cell, digit)) continue
      grid[cell] = digit
      if (search(cell + 1)) return true
    }
    grid[cell] = 0
    return false
  }
  return grid.every((digit, cell) => digit === 0 || fits(cell, digit)) && search(0) ? grid : []
}

function related(a: number, b: number): boolean {
  const [rowA, rowB, columnA, columnB] = [Math.floor(a / 9), Math.floor(b / 9), a % 9, b % 9]
  const sameBox = Math.floor(rowA / 3) === Math.floor(rowB / 3) && Math.floor(columnA / 3) === Math.floor(columnB / 3)
  return rowA === rowB || columnA === columnB || sameBox
}

describe('sudoku', () => {
  it(`finds the first solution in lexicographic order, like a search through all grids, seed ${TEST_SEED}`, () => {
    const random = createRandom(TEST_SEED)
    const sizes = { solved: 0, none: 0 }
    for (let i = 0; i < 120; i++) {
      const puzzle = randomPuzzle(random, 20 + random.below(30), random.chance(0.3))
      const wanted = textOf(firstSolution(puzzle))
      expect(sudoku(textOf(puzzle)), `reference, case ${i}, ${puzzle.join('')}`).toEqual(wanted)
      expect(answerOf(binary, textOf(puzzle)), `task, case ${i}, ${puzzle.join('')}`).toEqual({ output: wanted })
      sizes[wanted.length === 0 ? 'none' : 'solved']++
    }
    expect(sizes.none).toBeGreaterThan(10)
    expect(sizes.solved).toBeGreaterThan(60)
  })

  it(`gives in the task what it gives in the reference for few givens, seed ${TEST_SEED}`, () => {
    const random = createRandom(TEST_SEED)
    for (let i = 0; i < 60; i++) {
      const puzzle = textOf(randomPuzzle(random, 45 + random.below(15), random.chance(0.2)))
      expect(answerOf(binary, puzzle), `case ${i}, ${puzzle}`).toEqual({ output: sudoku(puzzle) })
    }
  })
})

describe('the steps of the task sudoku', () => {
  const rows = documentedSteps('sudoku')
  const inputs: Readonly<Record<string, string>> = {
    ...Object.fromEntries(Object.entries(PUBLISHED).map(([name, [puzzle]]) => [name, puzzle])),
    ...UNSOLVABLE,
  }

  it('are documented for the puzzles of this file', () => {
    expect(rows.map(({ input }) => input)).toEqual(Object.keys(inputs))
  })

  it.each(rows)('are $steps for $input', ({ input, steps }) => {
    expect(runInMachine('sudoku', puzzleOf(inputs[input]!)).steps).toBe(steps)
  })

  it('begin with those of examples/sudoku.txt', () => {
    const [puzzle] = Object.values(PUBLISHED)[0]!
    expect(new Uint8Array(readFileSync(join(ROOT, 'examples/sudoku.txt')))).toEqual(puzzleOf(puzzle))
  })
})
