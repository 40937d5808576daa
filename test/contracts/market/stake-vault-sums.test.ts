import { parseEventLogs } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { seenAs } from '../../helpers/artifact.ts'
import { type Contract, type Receipt, Reverted } from '../../helpers/evm.ts'
import { createRandom, type Random, TEST_SEED } from '../../helpers/random.ts'
import { BURN, GWEI, UNBONDING_TIME, VaultFixture } from '../../helpers/vault-fixture.ts'

const CALLS = 600
/** Errors of calls that ask for more than there is; any other failure is a defect. */
const EXPECTED = ['NotEnoughStake', 'NotEnoughEther', 'StillUnbonding', 'NothingToDo', 'Panic', 'NotAnOperator']

interface Sums {
  free: bigint
  locked: bigint
  gweiFree: bigint
  unbonding: bigint
}

/** Arguments of events; each has some of these. */
interface EventArgs {
  readonly owner: string
  readonly winner: string
  readonly amount: bigint
  readonly tokens: bigint
  readonly reward: bigint
}

/** What anyone can know of the vault from its events alone. */
class Ledger {
  readonly accounts = new Map<string, Sums>()
  toBurn = 0n
  /** Ether that belongs to nobody yet, wei. */
  escrow = 0n

  add(owner: string, field: keyof Sums, amount: bigint): void {
    const known = this.accounts.get(owner) ?? { free: 0n, locked: 0n, gweiFree: 0n, unbonding: 0n }
    this.accounts.set(owner, { ...known, [field]: known[field] + amount })
  }

  move(owner: string, from: keyof Sums, to: keyof Sums, amount: bigint): void {
    this.add(owner, from, -amount)
    this.add(owner, to, amount)
  }

  credit(owner: string, amount: bigint): void {
    this.add(owner, 'gweiFree', amount / GWEI)
    this.escrow -= amount
  }
}

/** What each event says. */
const MEANING: Readonly<Record<string, (ledger: Ledger, args: EventArgs) => void>> = {
  Deposited: (ledger, { owner, amount }) => ledger.add(owner, 'free', amount),
  UnbondingStarted: (ledger, { owner, amount }) => ledger.move(owner, 'free', 'unbonding', amount),
  UnbondingCancelled: (ledger, { owner, amount }) => ledger.move(owner, 'unbonding', 'free', amount),
  Withdrawn: (ledger, { owner, amount }) => ledger.add(owner, 'unbonding', -amount),
  EtherDeposited: (ledger, { owner, amount }) => ledger.add(owner, 'gweiFree', amount / GWEI),
  EtherWithdrawn: (ledger, { owner, amount }) => ledger.add(owner, 'gweiFree', -amount / GWEI),
  OperatorSet: () => undefined,
  Locked(ledger, { owner, tokens, amount }) {
    ledger.move(owner, 'free', 'locked', tokens)
    ledger.credit(owner, -amount)
  },
  Released(ledger, { owner, tokens, amount }) {
    ledger.move(owner, 'locked', 'free', tokens)
    ledger.credit(owner, amount)
  },
  Slashed(ledger, { owner, winner, tokens, reward }) {
    ledger.add(owner, 'locked', -tokens)
    ledger.add(winner, 'free', reward)
    ledger.toBurn += tokens - reward
  },
  Escrowed: (ledger, { owner, amount }) => ledger.credit(owner, -amount),
  Credited: (ledger, { owner, amount }) => ledger.credit(owner, amount),
  Burned(ledger, { amount }) {
    ledger.toBurn -= amount
  },
}

let fixture: VaultFixture
let vault: Contract

beforeAll(async () => {
  fixture = await VaultFixture.create()
  vault = await seenAs(fixture.vault.address, 'IStakeVault')
})

/** A random call; the market's own calls take no more from escrow than is there, as the market's would. */
function randomCall(random: Random, ledger: Ledger): Promise<Receipt> {
  const owners = [fixture.owner, fixture.other, fixture.operator]
  const [owner, other] = [random.pick(owners), random.pick(owners)]
  const tokens = BigInt(random.below(40))
  const wei = BigInt(random.below(40)) * GWEI
  const fromEscrow = wei < ledger.escrow ? wei : (ledger.escrow / GWEI) * GWEI
  const calls: (() => Promise<Receipt>)[] = [
    () => fixture.send(owner, 'deposit', [other, tokens]),
    () => fixture.send(owner, 'depositEther', [other], wei),
    () => fixture.send(owner, 'unbond', [tokens]),
    () => fixture.send(owner, 'rebond', []),
    () => fixture.send(owner, 'withdraw', [other]),
    () => fixture.send(owner, 'withdrawEther', [other, wei]),
    () => fixture.send(owner, 'setOperator', [other, 10_000n]),
    () => fixture.send(owner, 'burn', []),
    () => fixture.byMarket('lock', [owner, other, tokens, wei]),
    () => fixture.byMarket('lock', [owner, owner, tokens, wei]),
    () => fixture.byMarket('release', [owner, tokens, fromEscrow]),
    () => fixture.byMarket('slash', [owner, tokens, other, tokens / 2n]),
    () => fixture.byMarket('escrow', [owner, wei], BigInt(random.below(40)) * GWEI),
    () => fixture.byMarket('credit', [owner, fromEscrow]),
  ]
  return random.pick(calls)()
}

/** The ledger of the events is what the vault says, and what it holds. */
async function check(ledger: Ledger): Promise<void> {
  let [tokens, wei] = [ledger.toBurn, ledger.escrow]
  for (const [owner, sums] of ledger.accounts) {
    const { free, locked, gweiFree, unbonding } = sums
    expect(await fixture.read('accountOf', [owner])).toEqual({ free, locked, gweiFree })
    expect(await fixture.read('unbondingOf', [owner])).toMatchObject({ amount: unbonding })
    tokens += free + locked + unbonding
    wei += gweiFree * GWEI
  }
  expect(await fixture.read('toBurn')).toBe(ledger.toBurn)
  expect(await fixture.held()).toEqual([tokens, wei])
}

describe('the sums of the vault', () => {
  test('are kept by any calls, and told by its events', async () => {
    console.log(`seed ${TEST_SEED}`)
    const random = createRandom(TEST_SEED)
    const ledger = new Ledger()
    const done = new Set<string>()
    for (let i = 0; i < CALLS; i++) {
      if (random.chance(0.05)) await fixture.evm.advanceTo((await fixture.evm.now()) + UNBONDING_TIME)
      const receipt = await randomCall(random, ledger).catch((error: unknown) => {
        if (!(error instanceof Reverted) || !EXPECTED.includes(error.errorName)) throw error
      })
      if (receipt === undefined) continue
      for (const { eventName, args } of parseEventLogs({ abi: vault.abi, logs: [...receipt.logs] })) {
        MEANING[eventName]?.(ledger, args as unknown as EventArgs)
        done.add(eventName)
      }
      await check(ledger)
    }
    expect([...done].sort()).toEqual(eventNames().sort())
    expect(Object.keys(MEANING).sort()).toEqual(eventNames().sort())
    expect(await fixture.tokensOf(BURN)).toBeGreaterThan(0n)
  })
})

const eventNames = (): string[] => vault.abi.flatMap((item) => (item.type === 'event' ? [item.name] : []))
