import { unpackRegisters } from '../../interpreter/index.ts'
import { type Finding, matchesReference } from './checks/index.ts'
import type { Ending } from './computation.ts'
import type { Dispute, Evidence } from './evidence.ts'
import { gasOf } from './gas.ts'
import { type Told, told } from './history.ts'
import type { Judged } from './judged.ts'
import type { Money } from './money.ts'
import type { Move } from './moves.ts'
import type { Tried } from './rules/try.ts'
import { bigEndian, ether, hex, rawHex, tokens } from './text.ts'

/** What `--json` writes when both acts were played to their ends. */
export const fullReport = (acts: readonly ActReport[], seconds: number) => ({
  ok: acts.every(({ ok }) => ok),
  reason: acts.map(({ reason }) => reason).find((reason) => reason !== null) ?? null,
  seconds,
  acts,
})

/** What it writes when the demo could not be played to its end. */
export const failureReport = (reason: string, seconds: number) => ({ ok: false, reason, seconds })

export type Report = ReturnType<typeof fullReport> | ReturnType<typeof failureReport>
export type ActReport = ReturnType<typeof actReport>

/** What it writes of an act. */
export const actReport = (evidence: Evidence, tried: readonly Tried[], found: readonly Finding[], seconds: number) => ({
  ok: found.every(({ breaches }) => breaches.length === 0),
  reason: found.flatMap(({ name, breaches }) => breaches.map((breach) => `${name}: ${breach}`))[0] ?? null,
  seconds,
  task: evidence.task.args.task,
  answer: answerOf(evidence),
  entries: entriesOf(evidence),
  dispute: evidence.dispute === undefined ? null : disputeOf(evidence, evidence.dispute),
  judged: evidence.dispute === undefined ? null : judgedOf(evidence.dispute.judged),
  ...slashedOf(evidence),
  bonds: bondsOf(evidence),
  ether: etherOf(evidence),
  gas: gasOf(evidence),
  forbidden: tried.map(({ what, error, answer }) => ({ what, error, answer })),
  checks: found,
})

/** Tokens taken from losers, burned, and paid to winners. */
function slashedOf({ history }: Evidence) {
  const slashings = told(history, 'Slashed').map(({ args }) => args)
  const slashed = slashings.reduce((sum, slashing) => sum + slashing.tokens, 0n)
  const paid = slashings.reduce((sum, slashing) => sum + slashing.reward, 0n)
  return { slashed: tokens(slashed), burned: tokens(slashed - paid), paid: tokens(paid) }
}

const inTokens = ({ solver, verifier, burned }: Money) => ({
  ...{ solver: tokens(solver.free), verifier: tokens(verifier.free) },
  ...{ arena: tokens(solver.locked + verifier.locked), burned: tokens(burned) },
})

const bondsOf = ({ money: { before, locked, after } }: Evidence) => ({
  ...{ before: inTokens(before), locked: inTokens(locked), after: inTokens(after) },
})

const inEther = ({ solver, verifier, consumer }: Money) => ({
  ...{ solver: ether(solver.ether), verifier: ether(verifier.ether), consumer: ether(consumer.ether) },
})

const etherOf = ({ money: { before, locked, after } }: Evidence) => ({
  ...{ before: inEther(before), locked: inEther(locked), after: inEther(after) },
})

/** Read backwards, as block explorers do, and the bytes in their order. */
const outputOf = ({ output }: Ending) => ({ output: bigEndian(output), outputBytes: rawHex(output) })

function answerOf({ finalised, work, computation: { truth, question, input } }: Evidence) {
  return {
    ...outputOf(truth),
    matchesReference: finalised.args.value === truth.value && matchesReference(truth.output, input, question),
    value: finalised.args.value,
    steps: truth.steps,
    proofOfWork: work,
  }
}

function entriesOf({ posted, dispute, computation: { truth } }: Evidence) {
  if (dispute === undefined) return { solver: entryOf(posted, [truth]), verifier: null }
  const endings = [truth, dispute.sabotage.corrupted]
  return { solver: entryOf(dispute.entries.solver, endings), verifier: entryOf(dispute.entries.verifier, endings) }
}

function entryOf({ args, transaction }: Told<'Entered'>, endings: readonly Ending[]) {
  const ending = endings.find(({ value }) => value === args.value)
  return {
    owner: args.owner,
    value: args.value,
    steps: Number(unpackRegisters(args.regs).steps),
    ...(ending === undefined ? { output: null, outputBytes: null } : outputOf(ending)),
    gas: Number(transaction.gas),
  }
}

const moveReport = ({ by, turn: { lo, len }, transaction }: Move) => ({
  ...{ player: by, from: Number(lo), to: Number(lo + len), gas: Number(transaction.gas) },
})

function disputeOf({ market }: Evidence, { moves, opened }: Dispute) {
  const [opening, ...rest] = moves.map(moveReport)
  return { game: opened.args.game, arity: market.rules.arity, opening, moves: rest }
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
