import { collect, type History } from '../../auditor/index.ts'
import { lowerTask, StateOracle } from '../../interpreter/index.ts'
import { type Compute, createPrograms, marketAbi, nextActions, playedTrace } from '../../protocol/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { type Flip, FlippedTrace } from '../adversaries/flipped-trace.ts'
import { absent, entering, silent, without } from '../adversaries/strategies.ts'
import type { LocalMarket } from './local-market.ts'
import { type Cast, Scenario } from './scenario.ts'

/** Disputes of different kinds, played by the strategies of daemons and adversaries on a chain of the tests. */

const FLIP = { step: 217, substep: 8, address: 4_003, bit: 6 }
const OTHER_FLIP = { step: 31, substep: 3, address: 901, bit: 0 }
/** Steps after which the small task is cut off where a run shall not end by itself. */
export const CUT = 250n
/** Makes everybody call back. */
const CALLBACK = { callbackGas: 50_000, tip: 10n ** 15n }

export interface Story {
  readonly scenario: Scenario
  /** Who played, by name. */
  readonly cast: Readonly<Record<string, Cast>>
}

/** All that the chain knows of the story's task. */
export const historyOf = ({ client, rules }: LocalMarket, { scenario }: Story): Promise<History> =>
  collect({ client, market: rules.market, taskOrGame: scenario.task })

/** A liar posts, is disputed to the last substep, and loses by proof; the requester is called back. */
export async function proof(market: LocalMarket): Promise<Story> {
  const scenario = await Scenario.small(market, CALLBACK)
  const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
  const honest = await scenario.verifier('honest')
  await scenario.finish()
  return { scenario, cast: { liar, honest } }
}

/** A liar posts and never moves again. */
export async function timeout(market: LocalMarket): Promise<Story> {
  const scenario = await Scenario.small(market)
  const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy: silent })
  const honest = await scenario.verifier('honest')
  await scenario.finish()
  return { scenario, cast: { liar, honest } }
}

/** Two liars with different answers against the truth, about a run that takes all its steps. */
export async function threeSides(market: LocalMarket): Promise<Story> {
  const scenario = await Scenario.small(market, { maxSteps: CUT })
  const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
  const other = await scenario.liar('other', { programs: flipping(OTHER_FLIP), strategy: entering(nextActions) })
  const honest = await scenario.verifier('honest')
  await scenario.finish()
  return { scenario, cast: { liar, other, honest } }
}

/** A solver that does not show up; then two false answers that nobody disputes, so that the task ends void. */
export async function voided(market: LocalMarket): Promise<Story> {
  const scenario = await Scenario.small(market)
  const missing = await scenario.liar('missing', { strategy: absent })
  await scenario.rest()
  scenario.cast.pop()
  await market.advanceTo((await market.now()) + market.rules.solving + 10n)
  const { request } = await scenario.view()
  const call = { to: market.rules.market, abi: marketAbi, name: 'noShow', args: [request] }
  await market.send(await market.keyHolder('anybody'), call)
  const apart = without(nextActions, 'open')
  const liar = await scenario.liar('liar', { programs: flipping(FLIP), strategy: entering(apart) })
  const other = await scenario.liar('other', { programs: flipping(OTHER_FLIP), strategy: silent })
  await scenario.finish()
  return { scenario, cast: { missing, liar, other } }
}

/** An answer that nobody disputes, and that its solver opens. */
export async function undisputed(market: LocalMarket): Promise<Story> {
  const scenario = await Scenario.small(market, CALLBACK)
  const solver = await scenario.solver('solver')
  await scenario.finish()
  return { scenario, cast: { solver } }
}

/** A module of the project, computed by a machine in which a bit of memory flips, against the truth. */
export async function flippedModule(
  market: LocalMarket,
  wasm: Uint8Array,
  input: Uint8Array,
  flip: Flip,
): Promise<Story> {
  const maxSteps = 1_000_000n
  const task = await market.ask(await market.publish(wasm), input, { maxSteps })
  const truth = playedTrace(new StateOracle(lowerTask(wasm), input, Number(maxSteps)))
  const scenario = await Scenario.of(market, task, truth)
  const compute: Compute = (program, given, steps) => new FlippedTrace(program, given, steps, flip)
  const liar = await scenario.liar('liar', { programs: createPrograms([wasm], { compute }) })
  const honest = await scenario.verifier('honest', { programs: createPrograms([wasm]) })
  await scenario.finish()
  return { scenario, cast: { liar, honest } }
}
