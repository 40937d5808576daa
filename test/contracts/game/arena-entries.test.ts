import { concatHex, hexToBytes, numberToHex } from 'viem'
import { beforeEach, describe, expect, test } from 'vitest'
import { byteTreeRoot, programIdOf, toHex } from '../../../interpreter/index.ts'
import { entryId, gameId, seatOf, taskId } from '../../../protocol/game-ids.ts'
import { REGS, STATUS } from '../../../spec/index.ts'
import { encode, eventsOf, revertsWith } from '../../helpers/evm.ts'
import {
  initialRoot,
  NO_SALT,
  RULES,
  rootsFor,
  ToyArena,
  type ToyClaim,
  type ToyTask,
} from '../../helpers/toy-arena.ts'
import { playBetween, standingOf } from '../../helpers/toy-game.ts'
import { toyHash, toyStartRegs, toyState } from '../../helpers/toy-machine.ts'
import { follow, pretend } from '../../helpers/toy-players.ts'
import { hashOf } from '../../helpers/twins.ts'

const STEPS = 64n

let arena: ToyArena
let task: ToyTask
let honest: ToyClaim
let liar: ToyClaim

beforeEach(async () => {
  arena = await ToyArena.create({ arity: 4 })
  task = await arena.createTask(STEPS)
  honest = arena.claim(task, arena.account(1))
  liar = lying(2, 100n)
})

const lying = (account: number, substep: bigint): ToyClaim =>
  arena.claim(task, arena.account(account), { ...task.truth, lie: { substep, by: substep } })

/** Plays a game to the honest side's win and buries the loser. */
async function defeat(winner: ToyClaim, loser: ToyClaim): Promise<void> {
  const strategies = { opener: follow(winner.machine), target: pretend(loser.machine) }
  const { openerWon } = await playBetween(arena, winner, loser, strategies)
  expect(openerWon).toBe(true)
  await arena.bury(winner, loser)
}

describe('createTask', () => {
  const INPUT = '0x0a0b0c'
  const create = (roots = rootsFor(77n), regs = toyStartRegs(5n), maxSteps = STEPS, salt = NO_SALT) =>
    arena.evm.send(arena.account(3), arena.contract, 'createTask', [roots, regs, INPUT, maxSteps, salt])

  test('computes program id, input root, initial state and task id, and emits all that a watcher needs', async () => {
    const args = eventsOf(arena.contract, await create(), 'TaskCreated')[0]?.args
    const roots = rootsFor(77n)
    const program = programIdOf(
      roots.map((root) => hexToBytes(root)),
      toyStartRegs(5n),
    )
    const inputRoot = toHex(byteTreeRoot(hexToBytes(INPUT)))
    const place = { chainId: arena.chainId, arena: arena.contract.address }
    const creator = arena.account(3)
    const id = taskId(place, { creator, program, inputRoot, maxSteps: STEPS, salt: NO_SALT })
    const state = { root: initialRoot(roots, INPUT), regs: toyStartRegs(5n), substep: 0 }
    const rest = { creator, salt: NO_SALT, maxSteps: STEPS, regionRoots: roots, regs: toyStartRegs(5n), input: INPUT }
    expect(args).toEqual({ task: id, program, initial: toyHash(state), ...rest })
    const stored = await arena.evm.read(arena.contract, 'taskOf', [id])
    expect(stored).toMatchObject({ initial: toyHash(state), maxSteps: STEPS, posted: 0n, valuesSeen: 0n, status: 1 })
  })

  test('is refused twice, but not with another salt or from another creator', async () => {
    const { task: id } = eventsOf(arena.contract, await create(), 'TaskCreated')[0]?.args ?? {}
    await revertsWith(create(), 'TaskExists', [id])
    await create(undefined, undefined, undefined, hashOf(1n))
    const args = [rootsFor(77n), toyStartRegs(5n), INPUT, STEPS, NO_SALT] as const
    await arena.evm.send(arena.account(4), arena.contract, 'createTask', args)
  })

  test('refuses what is no program at its start, and a task of no steps', async () => {
    const started = toyStartRegs(5n) | (1n << BigInt(REGS.steps[0]))
    await revertsWith(create(undefined, started), 'ProgramAlreadyStarted', [started])
    const withOutput = rootsFor(77n).with(7, hashOf(9n)) as unknown as ReturnType<typeof rootsFor>
    await revertsWith(create(withOutput), 'ProgramRegionNotEmpty', [7n, hashOf(9n)])
    await revertsWith(create(undefined, undefined, 0n), 'NoSteps')
  })
})

describe('enter', () => {
  const enterWith = (regs: bigint) =>
    arena.evm.send(arena.account(1), arena.contract, 'enter', [task.id, numberToHex(7, { size: 32 }), regs])
  const regsOf = (steps: bigint, status: number) =>
    (steps << BigInt(REGS.steps[0])) | (BigInt(status) << BigInt(REGS.status[0]))

  test('locks the bond, starts the phases, and emits the claim', async () => {
    const before = await arena.balance(honest.owner)
    const receipt = await arena.enter(honest)
    expect(await arena.balance(honest.owner)).toBe(before - RULES.bond)
    const { root, regs, value, owner, entry } = honest
    expect(eventsOf(arena.contract, receipt, 'Entered').map(({ args }) => args)).toEqual([
      { task: task.id, entry, owner, value, root, regs },
    ])
    expect(eventsOf(arena.contract, receipt, 'BondLocked').map(({ args }) => args)).toEqual([
      { entry, owner, amount: RULES.bond },
    ])
    const now = await arena.evm.now()
    expect(await arena.phases(task)).toEqual({
      challenge: now + RULES.challenge,
      support: now + RULES.challenge + RULES.support,
      opening: now + RULES.challenge + RULES.support + RULES.opening,
      end: now + RULES.challenge + RULES.support + RULES.opening + 2n * RULES.budget + 4n * RULES.minimum,
    })
    expect(await arena.evm.read(arena.contract, 'entryOf', [entry])).toMatchObject({ steps: STEPS, status: 1 })
  })

  test('takes the same value of several owners, and each owner once', async () => {
    await arena.enter(honest)
    await arena.enter(arena.claim(task, arena.account(4)))
    await revertsWith(arena.enter(honest), 'EntryExists', [honest.entry])
    expect(await arena.evm.read(arena.contract, 'valueOf', [task.id, honest.value])).toEqual([2n, true])
    expect(await arena.evm.read(arena.contract, 'taskOf', [task.id])).toMatchObject({ valuesSeen: 1n, valuesAlive: 1n })
  })

  test('refuses ill-formed claims: steps 0 or too many, a prefix still running, a status or bits that do not exist', async () => {
    await revertsWith(enterWith(regsOf(0n, STATUS.HALTED)), 'StepsOutOfRange', [0n, STEPS])
    await revertsWith(enterWith(regsOf(STEPS + 1n, STATUS.HALTED)), 'StepsOutOfRange', [STEPS + 1n, STEPS])
    await revertsWith(enterWith(regsOf(2n ** 63n, STATUS.HALTED)), 'StepsOutOfRange', [2n ** 63n, STEPS])
    await revertsWith(enterWith(regsOf(STEPS - 1n, STATUS.RUNNING)), 'NotFinal', [0n, STEPS - 1n, STEPS])
    await revertsWith(enterWith(regsOf(STEPS, 3)), 'NotFinal', [3n, STEPS, STEPS])
    const wide = regsOf(STEPS, STATUS.HALTED) | (1n << 200n)
    await revertsWith(enterWith(wide), 'RegistersTooWide', [wide])
  })

  test.each([
    [1n, STATUS.HALTED],
    [STEPS, STATUS.HALTED],
    [1n, STATUS.TRAPPED],
    [STEPS, STATUS.TRAPPED],
    [STEPS, STATUS.RUNNING],
  ])('takes a claim of %i steps with status %i', async (steps, status) => {
    await enterWith(regsOf(steps, status))
  })

  test('refuses an unknown task', async () => {
    await revertsWith(arena.enter({ ...honest, task: { ...task, id: hashOf(3n) } }), 'UnknownTask', [hashOf(3n)])
  })

  test('a bond that does not arrive in full reverts it all', async () => {
    const poor = arena.claim(task, arena.account(12))
    await revertsWith(arena.enter(poor), 'ERC20InsufficientAllowance')
    expect(await arena.evm.read(arena.contract, 'entryOf', [poor.entry])).toMatchObject({ status: 0 })
  })
})

describe('phases of entering', () => {
  test('any value up to the last second of challenge; then seen ones; then none', async () => {
    await arena.enter(liar)
    const { challenge, support } = await arena.phases(task)
    await arena.evm.at(challenge - 1n)
    await arena.enter(honest)
    await arena.evm.at(challenge)
    await revertsWith(arena.enter(lying(3, 90n)), 'ValueNotSeen', [lying(3, 90n).value])
    await arena.enter(arena.claim(task, arena.account(3)))
    await arena.evm.at(support - 1n)
    await arena.enter(lying(4, 100n))
    await arena.evm.at(support)
    await revertsWith(arena.enter(arena.claim(task, arena.account(5))), 'EnteringClosed', [support])
  })

  test('nobody supports a value that nobody disputed', async () => {
    await arena.enter(liar)
    await arena.evm.advanceTo((await arena.phases(task)).challenge)
    await revertsWith(arena.enter(lying(4, 100n)), 'NothingToSupport')
  })

  test('a value whose only entry died may be supported: the truth thrown on purpose comes back', async () => {
    await arena.enter(liar)
    const traitor = { ...arena.claim(task, arena.account(5)) }
    await arena.enter(traitor)
    const silent = await playBetween(arena, liar, traitor, { opener: () => undefined, target: () => undefined })
    expect(silent.openerWon).toBe(true)
    await arena.bury(liar, traitor)
    await arena.evm.at((await arena.phases(task)).challenge)
    await arena.enter(honest)
    expect(await arena.evm.read(arena.contract, 'valueOf', [task.id, honest.value])).toEqual([1n, true])
  })
})

describe('open', () => {
  beforeEach(async () => {
    await arena.enter(honest)
    await arena.enter(liar)
  })

  test('puts the target on move with full clocks, over the larger step count, and names both entries', async () => {
    const receipt = await arena.open(honest, liar)
    const game = gameId(liar.entry, honest.entry)
    expect(eventsOf(arena.contract, receipt, 'Opened').map(({ args }) => args)).toEqual([
      { task: task.id, opener: honest.entry, target: liar.entry, game },
    ])
    const { standing, game: moved } = standingOf(arena, receipt)
    expect(moved).toBe(game)
    expect(standing.turn).toEqual({
      mover: { player: liar.owner, left: RULES.budget, seat: seatOf(liar.entry, honest.entry) },
      waiter: { player: honest.owner, left: RULES.budget, seat: seatOf(honest.entry, liar.entry) },
      lo: 0n,
      len: STEPS,
      moved: await arena.evm.now(),
      ply: 0n,
    })
    expect(standing.sequence[0]).toBe(toyHash(toyState(task.truth, 0n)))
    expect(standing.sequence.at(-1)).toBe(honest.value)
  })

  test('opens each pair once, by either side', async () => {
    await arena.open(honest, liar)
    const game = gameId(honest.entry, liar.entry)
    await revertsWith(arena.open(honest, liar), 'GameExists', [game])
    await revertsWith(arena.open(liar, honest), 'GameExists', [game])
  })

  test('needs a living entry of the caller, a living target, and different values', async () => {
    const stranger = arena.claim(task, arena.account(3))
    await revertsWith(arena.open(stranger, liar), 'NotAlive', [stranger.entry])
    const absent = lying(3, 90n)
    await revertsWith(arena.open(honest, absent), 'NotAlive', [absent.entry])
    await arena.enter(stranger)
    await revertsWith(arena.open(honest, stranger), 'SameValue', [honest.value])
    await defeat(honest, liar)
    await revertsWith(arena.open(stranger, liar), 'NotAlive', [liar.entry])
  })

  test('takes exactly the inner hashes', async () => {
    const inner = arena.inner(honest, liar)
    const open = (hashes: typeof inner) =>
      arena.evm.send(honest.owner, arena.contract, 'open', [task.id, honest.value, liar, hashes])
    await revertsWith(open(inner.slice(1)), 'SequenceLength', [2n, 3n])
    await revertsWith(open([...inner, hashOf(1n)]), 'SequenceLength', [4n, 3n])
  })

  test('takes no trailing bytes', async () => {
    const data = encode(arena.contract, 'open', [task.id, honest.value, liar, arena.inner(honest, liar)])
    const padded = arena.evm.sendData(honest.owner, arena.contract, concatHex([data, '0x00']))
    await revertsWith(padded, 'CalldataNotExact')
  })

  test('closes with the opening phase', async () => {
    const { opening } = await arena.phases(task)
    await arena.evm.at(opening)
    await revertsWith(arena.open(honest, liar), 'OpeningClosed', [opening])
    await arena.evm.at(opening + 1n)
    await revertsWith(arena.open(liar, honest), 'OpeningClosed', [opening])
  })

  test('one owner may hold both sides of a game; the winner is told by seat', async () => {
    const regret = arena.claim(task, liar.owner)
    await arena.enter(regret)
    await defeat(regret, liar)
    expect(await arena.evm.read(arena.contract, 'entryOf', [liar.entry])).toMatchObject({
      status: 2,
      buriedBy: regret.entry,
    })
  })
})

describe('enterAndOpen', () => {
  beforeEach(() => arena.enter(liar))

  test('enters and opens in one transaction', async () => {
    const receipt = await arena.enterAndOpen(honest, liar)
    expect(eventsOf(arena.contract, receipt, 'Entered')).toHaveLength(1)
    expect(eventsOf(arena.contract, receipt, 'Opened')).toHaveLength(1)
    expect(eventsOf(arena.contract, receipt, 'BondLocked')).toHaveLength(1)
  })

  test('still enters if the target died meanwhile', async () => {
    await arena.enter(honest)
    await defeat(honest, liar)
    const late = arena.claim(task, arena.account(4))
    const receipt = await arena.enterAndOpen(late, liar)
    expect(eventsOf(arena.contract, receipt, 'Entered')).toHaveLength(1)
    expect(eventsOf(arena.contract, receipt, 'Opened')).toHaveLength(0)
    expect(await arena.evm.read(arena.contract, 'entryOf', [late.entry])).toMatchObject({ status: 1 })
  })

  test('is refused against an entry that never was, and takes no trailing bytes', async () => {
    await revertsWith(arena.enterAndOpen(honest, lying(6, 90n)), 'NotAlive', [lying(6, 90n).entry])
    const { root, regs } = honest
    const data = encode(arena.contract, 'enterAndOpen', [task.id, root, regs, liar, arena.inner(honest, liar)])
    const padded = arena.evm.sendData(honest.owner, arena.contract, concatHex([data, '0x00']))
    await revertsWith(padded, 'CalldataNotExact')
  })
})

describe('bury', () => {
  beforeEach(async () => {
    await arena.enter(honest)
    await arena.enter(liar)
  })

  test('by anyone, lets the loser die and nobody else', async () => {
    const strategies = { opener: follow(honest.machine), target: pretend(liar.machine) }
    await playBetween(arena, honest, liar, strategies)
    const game = gameId(honest.entry, liar.entry)
    const seat = BigInt(seatOf(liar.entry, honest.entry))
    await revertsWith(arena.bury(liar, honest), 'NotWonBySeat', [game, seat])
    const receipt = await arena.bury(honest, liar)
    expect(eventsOf(arena.contract, receipt, 'Buried').map(({ args }) => args)).toEqual([
      { task: task.id, winner: honest.entry, loser: liar.entry },
    ])
    expect(await arena.evm.read(arena.contract, 'valueOf', [task.id, liar.value])).toEqual([0n, true])
    expect(await arena.evm.read(arena.contract, 'taskOf', [task.id])).toMatchObject({ valuesSeen: 2n, valuesAlive: 1n })
    await revertsWith(arena.bury(honest, liar), 'NotAlive', [liar.entry])
  })

  test('needs a game that is over', async () => {
    const game = gameId(honest.entry, liar.entry)
    const seat = BigInt(seatOf(honest.entry, liar.entry))
    await revertsWith(arena.bury(honest, liar), 'NotWonBySeat', [game, seat])
    await arena.open(honest, liar)
    await revertsWith(arena.bury(honest, liar), 'NotWonBySeat', [game, seat])
  })

  test('a game whose winner died first is void: one entry always lives', async () => {
    const third = lying(3, 90n)
    await arena.enter(third)
    const give = () => undefined
    await playBetween(arena, liar, third, { opener: give, target: give })
    await defeat(honest, liar)
    await revertsWith(arena.bury(liar, third), 'NotAlive', [liar.entry])
    expect(await arena.evm.read(arena.contract, 'entryOf', [third.entry])).toMatchObject({ status: 1 })
  })

  test('ends with the task', async () => {
    const strategies = { opener: follow(honest.machine), target: pretend(liar.machine) }
    await playBetween(arena, honest, liar, strategies)
    const { end } = await arena.phases(task)
    await arena.evm.at(end)
    await revertsWith(arena.bury(honest, liar), 'BuryingClosed', [end])
  })

  test('needs a task with entries', async () => {
    const empty = await arena.createTask(STEPS)
    const [a, b] = [arena.claim(empty, arena.account(1)), arena.claim(empty, arena.account(2))]
    await revertsWith(arena.bury(a, b), 'NoEntries', [empty.id])
  })
})

describe('ids', () => {
  test('the views agree with the twins', async () => {
    const place = { chainId: arena.chainId, arena: arena.contract.address }
    const id = entryId(place, task.id, honest.owner, honest.value)
    expect(await arena.evm.read(arena.contract, 'entryId', [task.id, honest.owner, honest.value])).toBe(id)
    expect(await arena.evm.read(arena.contract, 'gameId', [honest.entry, liar.entry])).toBe(
      gameId(liar.entry, honest.entry),
    )
    expect(await arena.evm.read(arena.contract, 'phaseLengths', [])).toEqual([10_000n, 2000n, 3000n])
    expect((await arena.evm.read(arena.contract, 'rules', [])).slice(1)).toEqual([4n, 1000n, 50n])
    expect(await arena.evm.read(arena.contract, 'maxMoves', [STEPS])).toBe(4n)
  })
})
