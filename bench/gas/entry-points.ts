import { type Hex, numberToHex } from 'viem'
import { STATUS } from '../../spec/index.ts'
import { Evm, type Receipt } from '../../test/helpers/evm.ts'
import { ToyMarket } from '../../test/helpers/toy-market.ts'
import { endingOf, type ToyClaim, type ToyTask } from '../../test/helpers/toy-task.ts'

/** Gas of a plain call of every entry point that is not part of the measured task and dispute. */
export type EntryPointGas = Readonly<Record<string, number>>

/** Notes what a transaction cost. */
type Note = (name: string, receipt: Promise<Receipt>) => Promise<void>

const STEPS = 2n ** 32n
const GWEI = 10n ** 9n
const word = (n: bigint): Hex => numberToHex(n, { size: 32 })

/** A claim of a falsehood, told apart from others by its step count. */
function falsehood(market: ToyMarket, task: ToyTask, owner: number, steps: bigint): ToyClaim {
  const { root, opening } = endingOf(task, { steps, status: STATUS.HALTED })
  return market.claimOf(task, market.account(owner), { root, regs: opening.regs })
}

async function ofRequests(market: ToyMarket, note: Note): Promise<void> {
  const requester = market.account(3)
  const { order } = market.taskOf(await market.publish(), STEPS).request
  const byReference = [order, word(5n), []] as const
  await note(
    'market.requestByReference',
    market.evm.send(requester, market.contract, 'requestByReference', byReference, order.maxPrice),
  )
  const cancelled = await market.createTask(STEPS, 0n, { requester })
  await note('market.cancel', market.close(cancelled, 'cancel', requester))
  const late = await market.createTask(STEPS, 0n, { requester, expires: Number(await market.evm.now()) + 100 })
  const gone = await market.createTask(STEPS, 0n, { requester })
  await market.take(gone, market.account(1))
  await market.evm.at((await market.evm.read(market.contract, 'postingEnd', [gone.origin])) + 1n)
  await note('market.noShow', market.close(gone, 'noShow'))
  await note('market.expire', market.close(late, 'expire'))
}

async function ofArena(market: ToyMarket, note: Note): Promise<void> {
  const task = await market.createTask(STEPS)
  await market.takeAndPost(falsehood(market, task, 1, 5n))
  const first = falsehood(market, task, 2, 6n)
  await note('market.enter, a new value', market.enter(first))
  await note('market.enter, a value seen', market.enter(falsehood(market, task, 4, 6n)))
  await market.evm.at((await market.phases(task)).end)
  await note('market.voidTask', market.close(task, 'voidTask'))
  await note('market.release', market.release(first))
}

async function ofAbandoned(market: ToyMarket, note: Note): Promise<void> {
  const task = await market.createTask(STEPS)
  await market.takeAndPost(falsehood(market, task, 1, 5n))
  await market.evm.at((await market.phases(task)).challenge + market.rules.finalising + 1n)
  await note('market.abandon', market.close(task, 'abandon'))
}

async function ofVault(market: ToyMarket, note: Note): Promise<void> {
  const { evm, vault, rules } = market
  const [funder, owner, operator] = [0, 5, 6].map((index) => market.account(index)) as [Hex, Hex, Hex]
  await note('vault.deposit', evm.send(funder, vault, 'deposit', [owner, 1000n]))
  await note('vault.depositEther', evm.send(funder, vault, 'depositEther', [owner], GWEI))
  await note('vault.setOperator', evm.send(owner, vault, 'setOperator', [operator, 500n]))
  await note('vault.unbond', evm.send(owner, vault, 'unbond', [100n]))
  await note('vault.rebond', evm.send(owner, vault, 'rebond', []))
  await evm.send(owner, vault, 'unbond', [100n])
  await evm.at((await evm.now()) + rules.unbonding)
  await note('vault.withdraw', evm.send(owner, vault, 'withdraw', [owner]))
  await note('vault.withdrawEther', evm.send(owner, vault, 'withdrawEther', [owner, GWEI]))
  await note('vault.burn', evm.send(owner, vault, 'burn', []))
}

async function ofRegistry(market: ToyMarket, note: Note): Promise<void> {
  const { evm, registry } = market
  const { id } = await market.publish()
  const from = market.account(0)
  await note('registry.tell, 1,024 bytes', evm.send(from, registry, 'tell', [id, 0n, 1n, `0x${'a5'.repeat(1024)}`]))
  await note('registry.locate', evm.send(from, registry, 'locate', [id, 'https://example.org/module.wasm']))
}

/** Calls every entry point once, on a chain whose clock begins at `start`. */
export async function entryPointGas(start: bigint): Promise<EntryPointGas> {
  const evm = await Evm.create()
  evm.tickFrom(start)
  const market = await ToyMarket.create({}, evm)
  const gas: Record<string, number> = {}
  const note: Note = async (name, receipt) => {
    gas[name] = Number((await receipt).gasUsed)
  }
  for (const measure of [ofRequests, ofArena, ofAbandoned, ofVault, ofRegistry]) await measure(market, note)
  return gas
}
