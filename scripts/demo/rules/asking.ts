import { type ContractFunctionArgs, decodeFunctionData, encodeFunctionData, toHex } from 'viem'
import { arenaAbi } from '../../../protocol/index.ts'
import { REGION, REGS } from '../../../spec/index.ts'
import type { Evidence } from '../evidence.ts'
import { DemoFailed } from '../failure.ts'
import type { Attempt } from './attempt.ts'

type CreateArgs = ContractFunctionArgs<typeof arenaAbi, 'nonpayable', 'createTask'>
type Roots = CreateArgs[0]

const abi = arenaAbi
const STRANGE = toHex(1n, { size: 32 })

/** Tasks that must not be made. */
export function askingAttempts({ task }: Evidence): Attempt[] {
  const { data, block, from } = task.transaction
  const { functionName, args } = decodeFunctionData({ abi, data })
  if (functionName !== 'createTask') throw new DemoFailed('rules', `a task came from ${functionName}`)
  const [roots, regs, input, maxSteps, salt] = args
  const create = (what: string, error: string, changed: CreateArgs): Attempt => ({
    ...{ what, error, from, block },
    data: encodeFunctionData({ abi, functionName: 'createTask', args: changed }),
  })
  const started = regs | (1n << BigInt(REGS.steps[0]))
  const holding = (region: number) => roots.map((root, i) => (i === region ? STRANGE : root)) as unknown as Roots
  const [withInput, withOutput] = [holding(REGION.INPUT), holding(REGION.OUTPUT)]
  return [
    create('ask the same question twice', 'TaskExists', [roots, regs, input, maxSteps, salt]),
    create('ask for zero steps', 'NoSteps', [roots, regs, input, 0n, STRANGE]),
    create('ask for a program that has begun', 'ProgramAlreadyStarted', [roots, started, input, maxSteps, salt]),
    create('ask for a program with input', 'ProgramRegionNotEmpty', [withInput, regs, input, maxSteps, salt]),
    create('ask for a program with output', 'ProgramRegionNotEmpty', [withOutput, regs, input, maxSteps, salt]),
  ]
}
