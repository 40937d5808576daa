import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { createSubstepClient, type OrderedInput, type SubstepClient, type TaskInfo } from '../../client/index.ts'
import type { Hash } from '../../interpreter/index.ts'
import type { Signer } from '../../protocol/index.ts'
import { type Answer, answerOf, solverOf } from './answers.ts'
import { LocalMarket, ORDER } from './local-market.ts'
import { SMALL_TASK } from './small-task.ts'

export const INPUT = Uint8Array.of(1, 2, 3)

/** A market, a dapp's client of it, and a solver. */
export class ClientFixture {
  readonly market: LocalMarket
  readonly requester: Signer
  readonly solver: Signer
  readonly program: Hash

  private constructor(market: LocalMarket, requester: Signer, solver: Signer, program: Hash) {
    this.market = market
    this.requester = requester
    this.solver = solver
    this.program = program
  }

  static async create(): Promise<ClientFixture> {
    const market = await LocalMarket.create()
    const requester = await market.keyHolder('requester')
    const solver = await market.account('solver')
    return new ClientFixture(market, requester, solver, await market.publish(SMALL_TASK))
  }

  /** A client as a process has it that was just started. */
  client(walletClient: Signer = this.requester, publicClient = this.market.client): SubstepClient {
    return createSubstepClient({ publicClient, walletClient, market: this.market.rules.market })
  }

  /** An order for the small task. */
  order(changes: Partial<OrderedInput> = {}): OrderedInput {
    return { ...ORDER, program: this.program, input: INPUT, ...changes }
  }

  /** Requests the small task, and waits until it is on chain. */
  async requested(changes: Partial<OrderedInput> = {}): Promise<TaskInfo> {
    return (await this.client().request(this.order(changes))).wait()
  }

  /** Takes a requested task and posts an answer, by default the true one. */
  async answered({ request }: TaskInfo, signer = this.solver, answer?: Pick<Answer, 'root' | 'regs'>): Promise<void> {
    const solver = solverOf(this.market, signer, request)
    await solver.take()
    await solver.post(answer ?? this.truth(request.order.maxSteps))
  }

  /** The true end of the small task. */
  truth(maxSteps: bigint): Answer {
    return answerOf(SMALL_TASK, INPUT, maxSteps)
  }

  /** Lets the challenge phase end, and opens the settled state. */
  async finalised(task: TaskInfo, answer = this.truth(task.request.order.maxSteps)): Promise<void> {
    await this.pastChallenge(task)
    await solverOf(this.market, this.solver, task.request).finalise(answer)
  }

  async pastChallenge({ task }: TaskInfo): Promise<void> {
    const { phases } = await this.client().getTask({ task })
    await this.market.advanceTo((phases?.challenge ?? 0n) + 1n)
  }
}

/** One market for the tests of a file; each of them finds it as it was deployed. */
export function useClient(): { current: ClientFixture } {
  const used = {} as { current: ClientFixture }
  let clean: Hash
  beforeAll(async () => {
    used.current = await ClientFixture.create()
  })
  beforeEach(async () => {
    clean = await used.current.market.snapshot()
  })
  afterEach(() => used.current.market.restore(clean))
  afterAll(() => used.current.market.close())
  return used
}
