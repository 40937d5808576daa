import { unpackRegisters } from '../../interpreter/index.ts'
import type { Balances } from './bonds.ts'
import type { Role } from './cast.ts'
import { type Finding, matchesReference } from './checks/index.ts'
import type { Ending } from './computation.ts'
import type { Evidence } from './evidence.ts'
import { gasOf } from './gas.ts'
import { told } from './history.ts'
import type { Judged } from './judged.ts'
import type { Move } from './moves.ts'
import type { Tried } from './rules/try.ts'
import { bigEndian, hex, rawHex, tokens } from './text.ts'

/** What `--json` writes when a dispute was played to its end. */
export const fullReport = (
  evidence: Evidence,
  tried: readonly Tried[],
  found: readonly Finding[],
  seconds: number,
) => ({
  ok: found.every(({ breaches }) => breaches.length === 0),
  reason: found.flatMap(({ name, breaches }) => breaches.map((breach) => `${name}: ${breach}`))[0] ?? null,
  seconds,
  answer: answerOf(evidence),
  entries: { solver: entryOf(evidence, 'solver'), verifier: entryOf(evidence, 'verifier') },
  dispute: disputeOf(evidence),
  judged: judgedOf(evidence.judged),
  ...slashedOf(evidence),
  bonds: bondsOf(evidence),
  gas: gasOf(evidence),
  forbidden: tried.map(({ what, error, answer }) => ({ what, error, answer })),
  checks: found,
})

/** What it writes when the demo could not be played to its end. */
export const failureReport = (reason: string, seconds: number) => ({ ok: false, reason, seconds })

export type Report = ReturnType<typeof fullReport> | ReturnType<typeof failureReport>

/** Tokens taken from losers, burned, and paid to winners. */
function slashedOf({ history }: Evidence) {
  const slashings = told(history, 'BondSlashed').map(({ args }) => args)
  const burned = slashings.reduce((sum, slashing) => sum + slashing.burned, 0n)
  const paid = slashings.reduce((sum, slashing) => sum + slashing.reward, 0n)
  return { slashed: tokens(burned + paid), burned: tokens(burned), paid: tokens(paid) }
}

const inTokens = ({ solver, verifier, arena, burned }: Balances) => ({
  ...{ solver: tokens(solver), verifier: tokens(verifier) },
  ...{ arena: tokens(arena), burned: tokens(burned) },
})

const bondsOf = ({ bonds: { before, locked, after } }: Evidence) => ({
  ...{ before: inTokens(before), locked: inTokens(locked), after: inTokens(after) },
})

/** Read backwards, as block explorers do, and the bytes in their order. */
const outputOf = ({ output }: Ending) => ({ output: bigEndian(output), outputBytes: rawHex(output) })

function answerOf({ settled, computation: { truth, input } }: Evidence) {
  return {
    ...outputOf(truth),
    matchesReference: settled.args.value === truth.value && matchesReference(truth.output, input),
    value: settled.args.value,
    steps: truth.steps,
  }
}

function entryOf({ entries, computation }: Evidence, role: Role) {
  const { args, transaction } = entries[role]
  const ending = role === 'solver' ? computation.corrupted : computation.truth
  return {
    owner: args.owner,
    value: args.value,
    steps: Number(unpackRegisters(args.regs).steps),
    ...(args.value === ending.value ? outputOf(ending) : { output: null, outputBytes: null }),
    gas: Number(transaction.gas),
  }
}

const moveReport = ({ by, turn: { lo, len }, transaction }: Move) => ({
  ...{ player: by, from: Number(lo), to: Number(lo + len), gas: Number(transaction.gas) },
})

function disputeOf({ moves, rules, opened }: Evidence) {
  const [opening, ...rest] = moves.map(moveReport)
  return { game: opened.args.game, arity: rules.arity, opening, moves: rest }
}

function judgedOf(judged: Judged) {
  const { step, row, instruction, offset, functionName, sourceFile, store, explained, transaction } = judged
  return {
    step,
    substep: row.index,
    substepName: row.name,
    instruction,
    function: functionName,
    source: sourceFile,
    offset,
    operands: { address: store.address, value: hex(store.value), width: store.width },
    before: judged.pre,
    claimed: judged.claimed,
    computed: judged.computed,
    wrongBit: explained === undefined ? null : { address: explained.address, bit: explained.bit },
    witness: judged.args[5].map(String),
    gas: Number(transaction.gas),
    transaction: transaction.hash,
    by: judged.by,
  }
}

/** JSON as it is written. */
export const reportText = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`
