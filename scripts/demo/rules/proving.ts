import { concatHex, encodeFunctionData, toHex } from 'viem'
import { encodeTurn, gamesAbi, pathTo } from '../../../protocol/index.ts'
import { REGS_BITS } from '../../../spec/index.ts'
import { bisectArgs, type ProveArgs } from '../calls.ts'
import type { DisputedEvidence } from '../evidence.ts'
import { present } from '../failure.ts'
import type { Attempt } from './attempt.ts'

const abi = gamesAbi
const STRANGE = toHex(1n, { size: 32 })
/** Place of the sibling bitmap in the witness of a step in flight: after regs, misc, three scratch words and the leaf. */
const BITMAP = 6

/** Proofs that must not count: each is the verifier's, changed in one way. */
export function provingAttempts({ market, computation, dispute: { judged, moves } }: DisputedEvidence): Attempt[] {
  const { args, transaction } = judged
  const [game, turn, substep, end, path, witness] = args
  const at = { from: transaction.from, to: market.rules.games, block: transaction.block - 1n }
  const prove = (what: string, error: string, ...changed: ProveArgs): Attempt => ({
    ...{ what, error, ...at },
    data: encodeFunctionData({ abi, functionName: 'prove', args: changed }),
  })
  const last = present('moves', 'last move', moves.at(-1))
  const trueEnd = present('judged', 'first state', last.sequence[1])
  const fetch = computation.played.witness(BigInt(judged.step), 0)
  const wide = witness.map((word, i) => (i === BITMAP ? toHex((1n << 255n) | BigInt(word), { size: 32 }) : word))
  const broad = witness.map((word, i) =>
    i === 0 ? toHex((1n << BigInt(REGS_BITS)) | BigInt(word), { size: 32 }) : word,
  )
  const earlier = bisectArgs(present('moves', 'first move', moves[1]).transaction)[1]
  const bisect = bisectArgs(last.transaction)
  return [
    prove('refute what is true', 'SubstepHolds', game, turn, 0n, trueEnd, pathTo(last.sequence, 0), fetch),
    prove('refute what was not asserted', 'NotTheStandingAssertion', game, turn, substep, STRANGE, path, witness),
    prove('prove from another state', 'NotTheStandingAssertion', game, turn, substep, end, path, fetch),
    prove('prove before one step is left', 'NotOneStep', game, earlier, substep, end, path, witness),
    {
      what: 'send bytes after a proof',
      error: 'CalldataNotExact',
      ...at,
      data: concatHex([encodeFunctionData({ abi, functionName: 'prove', args }), STRANGE]),
    },
    prove('send a longer witness', 'WitnessLength', game, turn, substep, end, path, [...witness, STRANGE]),
    prove('send registers too wide', 'RegistersTooWide', game, turn, substep, end, path, broad),
    prove('name siblings beyond the root', 'BitmapBeyondDepth', game, turn, substep, end, path, wide),
    {
      ...{ what: 'split a single step', error: 'NothingToBisect', ...at },
      data: encodeFunctionData({
        abi,
        functionName: 'bisect',
        args: [bisect[0], encodeTurn(last.turn), ...tail(bisect)],
      }),
    },
  ]
}

const tail = ([, , segment, start, end, path, mine]: ReturnType<typeof bisectArgs>) =>
  [segment, start, end, path, mine] as const
