import {
  type Abi,
  type Address,
  createWalletClient,
  erc20Abi,
  getAddress,
  http,
  type PrivateKeyAccount,
  parseAbi,
} from 'viem'
import { type Hash, programHeader, toHex } from '../../interpreter/index.ts'
import { type ArenaRules, arenaAbi, createReader, stepperAbi } from '../../protocol/index.ts'
import type { Chain } from './chain.ts'
import { type Computation, MAX_STEPS } from './computation.ts'
import type { ContractName, LoadCode } from './contracts.ts'
import { present } from './failure.ts'

const TOKEN_UNIT = 10n ** 18n
const HOUR = 3600n
const DAY = 24n * HOUR

/**
 * Not 16, which costs least over long runs: over this one it would leave the solver the last word, a proof that a liar
 * cannot give, and silence is ended by the clock instead of the judge.
 */
const ARITY = 10n
const BOND = 1000n * TOKEN_UNIT
const BUDGET = DAY
const MINIMUM = HOUR
const PHASE = DAY
const NO_FEE = 0n
const NO_SALT: Hash = `0x${'00'.repeat(32)}`

/** Tokens of each player at the start. */
export const ENDOWMENT = 2n * BOND

const TOKEN_ABI = [
  ...erc20Abi,
  ...parseAbi(['constructor(uint256 fee)', 'function mint(address owner, uint256 amount)']),
] as const

/** Who deploys the contracts and asks the question. */
export interface Requester {
  /** Deploys token, judge and arena, and gives each player ether and tokens. */
  deploy(players: readonly Address[]): Promise<ArenaRules>
  createTask(rules: ArenaRules, computation: Computation): Promise<void>
}

export function createRequester(chain: Chain, account: PrivateKeyAccount, load: LoadCode): Requester {
  const { client, url } = chain
  const wallet = createWalletClient({ account, transport: http(url) })
  const mined = (hash: Hash) => client.waitForTransactionReceipt({ hash })

  async function deployed(name: ContractName, abi: Abi, args: readonly unknown[]): Promise<Address> {
    const hash = await wallet.deployContract({ abi, bytecode: await load(name), args, chain: null })
    return getAddress(present('contracts', `address of ${name}`, (await mined(hash)).contractAddress))
  }

  return {
    async deploy(players) {
      for (const player of [account.address, ...players]) await chain.fund(player)
      const token = await deployed('TestToken', TOKEN_ABI, [NO_FEE])
      const stepper = await deployed('Stepper', stepperAbi, [])
      const rules = [stepper, ARITY, BUDGET, MINIMUM, PHASE, PHASE, PHASE, token, BOND]
      const arena = await deployed('BondedArena', arenaAbi, rules)
      for (const player of players) {
        const mint = { abi: TOKEN_ABI, functionName: 'mint', args: [player, ENDOWMENT] } as const
        await mined(await wallet.writeContract({ ...mint, address: token, chain: null }))
      }
      return (await createReader(client, arena)).rules
    },

    async createTask({ arena }, { program, input }) {
      const { regionRoots, regs } = programHeader(program)
      const roots = regionRoots.map(toHex) as unknown as Roots
      const args = [roots, regs, toHex(input), MAX_STEPS, NO_SALT] as const
      const call = { address: arena, abi: arenaAbi, functionName: 'createTask', args } as const
      await mined(await wallet.writeContract({ ...call, chain: null }))
    },
  }
}

type Roots = readonly [Hash, Hash, Hash, Hash, Hash, Hash, Hash, Hash]
