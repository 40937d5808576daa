import type { Hash } from '../../interpreter/index.ts'
import { flipping } from '../adversaries/computing.ts'
import { CALLBACK, Consumer, type Told } from './consumers.ts'
import type { LocalMarket } from './local-market.ts'
import { type Cast, Scenario } from './scenario.ts'

/** At arity 2 it is the verifier who proves it. */
const FLIP = { step: 216, substep: 8, address: 4_003, bit: 6 }

/** What came of a request that was answered by a lie. */
export interface CoreEnd {
  readonly scenario: Scenario
  readonly liar: Cast
  readonly honest: Cast
  readonly told: readonly Told[]
  readonly lie: Hash
}

/** A consumer asks, a solver lies, a verifier disputes it to the end, and the consumer is told the right result. */
export async function playCore(market: LocalMarket): Promise<CoreEnd> {
  const consumer = await Consumer.deploy(market, 'ConsumerHarness')
  const scenario = await Scenario.small(market, { consumer, ...CALLBACK })
  const liar = await scenario.liar('liar', { programs: flipping(FLIP) })
  const honest = await scenario.verifier('honest')
  await scenario.rest()
  const [lie] = (await scenario.view()).values.keys()
  await scenario.finish()
  return { scenario, liar, honest, told: await consumer.told(), lie: lie as Hash }
}
