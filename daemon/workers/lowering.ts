import type { Hash } from '../../interpreter/index.ts'
import type { Crew, Errand } from './crew.ts'

/** A module is none, or none that can be a program. */
export class LoweringFailed extends Error {
  override readonly name = 'LoweringFailed'
  /** Name of what was thrown. */
  readonly error: string
  constructor(error: string, message: string) {
    super(message)
    this.error = error
  }
}

/** A worker ended in the middle of lowering a module: that says nothing of the module. */
export class LoweringLost extends Error {
  override readonly name = 'LoweringLost'
  constructor(problem: string) {
    super(`the worker that lowered it was lost: ${problem}`)
  }
}

/**
 * The id of the program that a module lowers to, in a worker: a small module can become a large program.
 * @throws LoweringFailed, LoweringLost
 */
export function lowerIn(crew: Crew, module: Uint8Array, isStaked: () => boolean): Promise<Hash> {
  return new Promise((resolve, reject) => {
    let isOver = false
    const end = (settle: () => void): void => {
      isOver = true
      crew.dismiss(errand)
      settle()
    }
    const errand: Errand = {
      isStaked,
      next: () => (isOver ? undefined : { kind: 'lower', module }),
      given: () => undefined,
      interrupted: () => undefined,
      said(reply) {
        if (reply.kind === 'lowered') end(() => resolve(reply.program))
        if (reply.kind === 'failed') end(() => reject(new LoweringFailed(reply.error, reply.message)))
      },
      lost: (problem) => end(() => reject(new LoweringLost(problem))),
    }
    crew.call(errand)
  })
}
