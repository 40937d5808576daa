import { describe, expect, it } from 'vitest'
import { lowerTask, StateOracle } from '../../interpreter/index.ts'
import { cut, segments } from '../../protocol/index.ts'
import { SUBSTEP_ROWS } from '../../spec/index.ts'
import { flipping } from '../adversaries/computing.ts'
import type { Flip } from '../adversaries/flipped-trace.ts'
import { BOND } from '../helpers/local-market.ts'
import { useMarket } from '../helpers/market-fixture.ts'
import { createRandom, TEST_SEED } from '../helpers/random.ts'
import { Scenario } from '../helpers/scenario.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

const STEPS = new StateOracle(lowerTask(SMALL_TASK), new Uint8Array(0), 1_000_000).final.steps
const random = createRandom(TEST_SEED)
console.log(`seed ${TEST_SEED}`)

/** From here on the task leaves memory alone, so that a flip stays. */
const UNUSED = 64

/** A flip during any step, after the substep. */
function randomFlip(substep: number): Flip {
  return {
    step: random.below(STEPS - 1),
    substep,
    address: UNUSED + random.below(2 ** 16 - UNUSED),
    bit: random.below(8),
  }
}

/** Moves after the opening until the range is the one step `step`. */
function pliesTo(step: number, arity: number): number {
  let [lo, len, plies] = [0n, BigInt(STEPS), 0]
  while (len > 1n) {
    const cuts = Array.from({ length: segments(len, arity) }, (_, j) => cut(len, arity, j))
    const segment = cuts.find(({ from, steps }) => BigInt(step) < lo + from + steps)
    if (segment === undefined) throw new RangeError(`no segment holds step ${step}`)
    ;[lo, len, plies] = [lo + segment.from, segment.steps, plies + 1]
  }
  return plies
}

for (const arity of [2, 16]) {
  describe(`a machine that is wrong at a random step, at arity ${arity}`, () => {
    const market = useMarket({ arity })

    it.each(SUBSTEP_ROWS)('in substep $index ($name) loses by proof of that substep', async ({ index }) => {
      const flip = randomFlip(index)
      const scenario = await Scenario.small(market.current)
      const programs = flipping(flip)
      // Who opens posts the even plies; the liar must be the one who posts the hashes around the substeps.
      const liarAnswersFirst = pliesTo(flip.step, arity) % 2 === 1
      const honest = () => (liarAnswersFirst ? scenario.verifier('honest') : scenario.solver('honest'))
      const first = liarAnswersFirst ? undefined : await honest()
      const liar = await scenario.liar('liar', { programs })
      const winner = first ?? (await honest())
      const view = await scenario.finish()

      const [game] = await scenario.games()
      const proof = winner.outcomes.find(({ action, kind }) => action.kind === 'prove' && kind === 'mined')
      expect(proof?.action, JSON.stringify(flip)).toMatchObject({
        substep: index,
        turn: { lo: BigInt(flip.step), len: 1n },
      })
      expect(game?.turn.mover.player).toBe(winner.owner)
      expect(view.result?.value).toBe(scenario.truth.final.value)
      expect(await scenario.gainOf(winner)).toBe(BOND / 2n)
      expect(await scenario.gainOf(liar)).toBe(-BOND)
      expect(await market.current.burned()).toBe(BOND - BOND / 2n)
    })
  })
}
