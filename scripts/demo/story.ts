import { type Hash, programHeader } from '../../interpreter/index.ts'
import type { ArenaRules } from '../../protocol/index.ts'
import { ADDRESSES, type PlayerProcess, type Role, roleOf } from './cast.ts'
import { type Computation, INPUT_FILE, MAX_STEPS, PROGRAM_FILE } from './computation.ts'
import { withFlip } from './flip.ts'
import { gameIntroduction, MOVE_HEAD, moveRow } from './game-table.ts'
import { type Told, type Transaction, told } from './history.ts'
import type { Judged } from './judged.ts'
import { moveOf } from './moves.ts'
import { count, duration, fields, hex, type Paint, type Print, rawHex, tokens } from './text.ts'

/** Tells what happens, while it happens. */
export interface Story {
  question(url: string): void
  players(players: readonly PlayerProcess[]): void
  transaction(transaction: Transaction): void
  judged(judged: Judged): void
  clock(seconds: bigint): void
}

export function createStory(print: Print, paint: Paint, computation: Computation, rules: ArenaRules): Story {
  const lines = (all: readonly string[]) => {
    for (const line of all) print(line)
  }
  const heading = (text: string) => lines(['', paint('bold', text)])
  const [title, ...introduction] = opening(computation.truth.steps)

  return {
    question(url) {
      lines([paint('bold', title), ...introduction])
      heading('THE QUESTION')
      lines(questionFields(computation, rules, url))
    },
    players(players) {
      heading('THE PLAYERS, each a process of its own')
      lines(playerLines(players, computation))
    },
    transaction: teller(print, heading, computation, rules.arity),
    judged(judged) {
      heading('THE JUDGED SUBSTEP')
      lines(judgedLines(judged))
    },
    clock(seconds) {
      print(`  clock    turned forward by ${duration(Number(seconds))}, past the time for new answers and games`)
    },
  }
}

const DOES: Readonly<Record<Role, string>> = { solver: 'answers', verifier: 'checks the answers' }

const opening = (steps: number): [title: string, ...introduction: string[]] => [
  'Substep: who is right about a long computation?',
  '',
  `Two players disagree about the result of ${count(steps)} steps of WebAssembly. A contract finds the`,
  'liar by executing a twelfth of one step. All this happens now, on a chain inside this process;',
  'what you read is decoded from its receipts and recomputed.',
]

function questionFields({ wasm, program, input }: Computation, rules: ArenaRules, url: string): string[] {
  return fields([
    ['program', `scrypt, the proof of work of Litecoin: ${PROGRAM_FILE}, ${count(wasm.length)} bytes`],
    ['', `id ${programHeader(program).programId}`],
    ['input', `the header of Litecoin's first block: ${INPUT_FILE}, ${count(input.length)} bytes`],
    ['asked', `the state in which the program ends, within ${count(MAX_STEPS)} steps`],
    ['bond', `${count(tokens(rules.bond))} TEST, a test token, staked on every answer; who is proven wrong loses it`],
    ['arena', `the contract: ${rules.arena} at ${url}`],
  ])
}

const playerLines = (players: readonly PlayerProcess[], { flip }: Computation): string[] => [
  ...fields(players.map(({ role, pid }) => [role, `${ADDRESSES[role]}, process ${pid}, ${DOES[role]}`])),
  `  What the verifier does not know: in the solver's machine, during step ${count(flip.step)},`,
  `  bit ${flip.bit} of the byte at memory address ${count(flip.address)} turns over by itself.`,
]

/** The events of a transaction, each in its words; a section begins with its first event. */
function teller(print: Print, heading: (text: string) => void, computation: Computation, parts: number) {
  const begun = new Set<string>()
  const roles = new Map<Hash, Role>()
  const section = (title: string, ...introduction: string[]) => {
    if (begun.has(title)) return
    begun.add(title)
    heading(title)
    for (const line of introduction) print(line)
  }
  const tellAll = (title: string, lines: readonly string[], ...introduction: string[]) => {
    if (lines.length > 0) section(title, ...introduction)
    for (const line of lines) print(line)
  }
  return (transaction: Transaction) => {
    const only = [transaction]
    const entered = told(only, 'Entered')
    for (const { args } of entered) roles.set(args.entry, roleOf(args.owner))
    const entries = entered.flatMap((entry) => entryLines(entry, computation))
    tellAll('THE ANSWERS', entries)
    const moves = told(only, 'Moved').map((moved) => moveRow(moveOf(moved), parts))
    tellAll('THE GAME', moves, ...gameIntroduction(parts), MOVE_HEAD)
    tellAll(
      'THE VERDICT',
      verdictLines(only, (entry) => roles.get(entry) ?? `entry ${entry}`),
    )
  }
}

function entryLines({ args, transaction }: Told<'Entered'>, { truth, corrupted }: Computation): string[] {
  const ending = [truth, corrupted].find(({ value }) => value === args.value)
  const locked = told([transaction], 'BondLocked').map(({ args }) => `${count(tokens(args.amount))} TEST locked`)
  const opened = told([transaction], 'Opened').map(() => 'a game against the other answer opened')
  return fields([
    [roleOf(args.owner).padEnd(8), `claims state ${args.value}`],
    ['', ending === undefined ? 'whose output is not known here' : `whose output is ${rawHex(ending.output)}`],
    ['', [...locked, ...opened, `${count(transaction.gas)} gas`].join(', ')],
  ])
}

function judgedLines(judged: Judged): string[] {
  const { step, row, instruction, offset, functionName, sourceFile, store, args, transaction } = judged
  const number = (value: bigint) => hex(value, 2 * store.width)
  return [
    ...fields([
      ['step', count(step)],
      [
        'substep',
        `${row.index}, the ${ORDINALS[row.index]} of twelve: ${row.name} (${row.does}; leaves have 32 bytes)`,
      ],
      ['function', `${functionName} of ${sourceFile}`],
      ['instruction', `${instruction}, byte ${hex(offset)} of ${PROGRAM_FILE}`],
      ['operands', `address ${count(store.address)}, value ${number(store.value)}, ${store.width} bytes`],
      ['before', `${judged.pre}, said by both`],
      ['claimed', judged.claimed],
      ['', `by the ${judged.claimedBy}: ${claimMeaning(judged, number)}`],
      ['computed', judged.computed],
      ['', `by the contract: ${computedMeaning(judged, number)}`],
    ]),
    `  The ${judged.by}'s witness, which is what the substep needs with the hashes that prove it, has`,
    `  ${32 * args[5].length} bytes; ${count(transaction.gas)} gas in all.`,
  ]
}

const ORDINALS = 'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ')

const claimMeaning = ({ explained, store }: Judged, number: (value: bigint) => string): string =>
  explained === undefined ? 'not explained by any single bit' : `${number(withFlip(store, explained))} at that address`

const computedMeaning = ({ computed, recomputed, store }: Judged, number: (value: bigint) => string): string =>
  computed === recomputed.post ? `${number(store.value)} at that address` : 'not what this process computes'

function verdictLines(only: readonly Transaction[], nameOf: (entry: Hash) => string): string[] {
  const line = (what: string, text: string, { gas }: Transaction) => `  ${what.padEnd(9)}${text}, ${count(gas)} gas`
  const test = (units: bigint) => `${count(tokens(units))} TEST`
  return [
    ...told(only, 'TimedOut').map(({ transaction }) => line('timeout', 'the game ended by the clock', transaction)),
    ...told(only, 'Buried').map(({ args: { winner, loser }, transaction }) =>
      line(
        'buried',
        `the ${nameOf(loser)}'s answer is out, having lost its game against the ${nameOf(winner)}`,
        transaction,
      ),
    ),
    ...told(only, 'Settled').map(({ args, transaction }) => line('settled', args.value, transaction)),
    ...told(only, 'BondPaid').map(({ args, transaction }) =>
      line('paid', `the ${roleOf(args.owner)} has its own ${test(args.amount)} back`, transaction),
    ),
    ...told(only, 'BondSlashed').map(({ args: { entry, winner, reward, burned }, transaction }) =>
      line(
        'slashed',
        `of the ${nameOf(entry)}'s bond ${test(burned)} burned, ${test(reward)} to the ${roleOf(winner)}`,
        transaction,
      ),
    ),
  ]
}
