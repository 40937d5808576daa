import { encodeFunctionData, type Hex, toHex } from 'viem'
import { registryAbi } from '../../../protocol/index.ts'
import { REGION, REGS } from '../../../spec/index.ts'
import type { Evidence } from '../evidence.ts'
import { lastOf, toldFirst } from '../history.ts'
import { STRANGER } from '../parties.ts'
import type { Attempt } from './attempt.ts'

const abi = registryAbi
const STRANGE = toHex(1n, { size: 32 })

/** Programs that must not be published, and modules that nobody may tell. */
export function publishingAttempts({ setUp, market: { rules, program } }: Evidence): Attempt[] {
  const { regionRoots, regs } = toldFirst(setUp, 'ProgramPublished').args
  const attempt = (what: string, error: string, data: Hex): Attempt => ({
    ...{ what, error, data, to: rules.registry, from: STRANGER, block: lastOf(setUp).block },
  })
  const publish = (what: string, error: string, roots: typeof regionRoots, startRegs = regs) =>
    attempt(what, error, encodeFunctionData({ abi, functionName: 'publish', args: [roots, startRegs] }))
  const tell = (what: string, error: string, id: Hex, index: bigint) =>
    attempt(what, error, encodeFunctionData({ abi, functionName: 'tell', args: [id, index, 1n, '0x'] }))
  const holding = (region: number) =>
    regionRoots.map((root, i) => (i === region ? STRANGE : root)) as unknown as typeof regionRoots
  return [
    publish('publish a program twice', 'ProgramExists', regionRoots),
    publish(
      'publish a program that has begun',
      'ProgramAlreadyStarted',
      regionRoots,
      regs | (1n << BigInt(REGS.steps[0])),
    ),
    publish('publish a program with input', 'ProgramRegionNotEmpty', holding(REGION.INPUT)),
    publish('publish a program with output', 'ProgramRegionNotEmpty', holding(REGION.OUTPUT)),
    tell('tell the module of no program', 'UnknownProgram', STRANGE, 0n),
    tell('tell a piece too many', 'PieceOutOfRange', program, 1n),
  ]
}
