import type { Command } from 'commander'
import { addDeploy } from '../deploy.ts'
import type { ExitCode } from '../exit.ts'
import { addPlayers } from '../players.ts'
import { addProgram } from '../publication.ts'
import { addReplay } from '../replay.ts'
import { addRequest } from '../request.ts'
import { addStake } from '../stake.ts'
import { addTask } from '../task.ts'

export { explainChain } from './explain.ts'

/** Adds the commands that have to do with a chain. */
export function addChainCommands(program: Command, finish: (code: ExitCode) => void): void {
  for (const add of [addDeploy, addStake, addProgram, addRequest, addTask, addPlayers, addReplay]) add(program, finish)
}
