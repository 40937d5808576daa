import type { Computed, MarketRules, Pressure, Programs, TaskView } from '../protocol/index.ts'
import { isLack, type Lack } from './content/searches.ts'
import type { Content, ContentReason } from './content.ts'

/** The computation of a task, or why there is none. */
export type Computing = (rules: MarketRules, task: TaskView, how: Pressure) => Computed | Lack<ContentReason>

/** Computes tasks; the program or the input that one lacks for that is sought in the background. */
export function createComputing(programs: Programs, content: Content | undefined): Computing {
  /** What could not be done before can be now, or what is lacking for it. */
  function supply({ id, request }: TaskView, refused: string): Lack<ContentReason> | undefined {
    if (content === undefined) return undefined
    const found =
      refused === 'unknownProgram' ? content.module(request.order.program) : content.input(request.inputRoot, id)
    if (isLack(found)) return found
    if (refused === 'unknownProgram') programs.learn(request.order.program, found)
    return undefined
  }

  return (rules, task, how) => {
    let computed = programs.compute(rules, task, how)
    for (const kind of ['unknownProgram', 'unknownInput'] as const) {
      if (!('refused' in computed) || computed.refused !== kind) continue
      const lack = supply(task, kind)
      if (lack !== undefined) return lack
      computed = programs.compute(rules, task, how)
    }
    return computed
  }
}
