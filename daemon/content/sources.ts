import { setImmediate as breathe } from 'node:timers/promises'
import type { Hash } from '../../interpreter/index.ts'
import { messageOf } from '../describe.ts'
import type { Log } from '../log.ts'
import { FetchFailed } from './fetch.ts'
import { InputRefused, ModuleRefused } from './refused.ts'

/** Somewhere that something may be had; `name` for the log. */
export interface Source<T> {
  readonly name: string
  /** What is there, checked; nothing if it has only other things, and does not say otherwise. */
  take(): Promise<T | undefined>
}

/** Tries sources one after the other. */
export type FirstGood = <T>(
  kind: 'program' | 'input',
  id: Hash,
  sources: readonly Source<T>[],
) => Promise<T | undefined>

/** The first of several sources that has what it should; why the others have not goes to the log once. */
export function createFirstGood(log: Log): FirstGood {
  const told = new Set<string>()

  function refuse(kind: string, id: Hash, source: string, error: unknown): void {
    const { reason, message } = problemOf(error)
    const line = `${kind} ${id} ${source} ${reason}`
    if (told.has(line)) return
    told.add(line)
    log('info', 'contentRefused', { kind, id, source, reason, message })
  }

  return async (kind, id, sources) => {
    for (const { name, take } of sources) {
      try {
        const taken = await take()
        if (taken !== undefined) return taken
      } catch (error) {
        refuse(kind, id, name, error)
      }
      // Lowering and hashing hold the thread; between two of them the player may look at its games.
      await breathe()
    }
    return undefined
  }
}

/** A failure in words for machines and for people. */
export function problemOf(error: unknown): { reason: string; message: string } {
  if (error instanceof FetchFailed || error instanceof ModuleRefused) {
    return { reason: error.problem, message: error.message }
  }
  if (error instanceof InputRefused) return { reason: 'otherInput', message: error.message }
  return { reason: error instanceof Error ? error.name : 'unknown', message: messageOf(error) }
}
