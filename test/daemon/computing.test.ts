import { describe, expect, it } from 'vitest'
import { createComputing } from '../../daemon/computing.ts'
import type { Content } from '../../daemon/index.ts'
import { byteTreeRoot, type Hash, lowerTask, programHeader, StateOracle, toHex } from '../../interpreter/index.ts'
import {
  createPrograms,
  type LocalPrograms,
  originOf,
  type Request,
  type TaskView,
  taskId,
} from '../../protocol/index.ts'
import { RULES, taskOf } from '../helpers/situations.ts'
import { SMALL_TASK } from '../helpers/small-task.ts'

const PROGRAM = lowerTask(SMALL_TASK)
const INPUT = Uint8Array.of(1, 2, 3)
const MAX_STEPS = 1_000n
const TRACE = new StateOracle(PROGRAM, INPUT, Number(MAX_STEPS))

/** A task that runs the small program on an input that is named by its root. */
function smallTask(): TaskView {
  const task = taskOf({ order: { program: programHeader(PROGRAM).programId, maxSteps: MAX_STEPS } })
  const inputRoot = toHex(byteTreeRoot(INPUT))
  const request: Request = { ...task.request, initial: TRACE.hashAt(0), inputRoot, byReference: true }
  const origin = originOf(request)
  return { ...task, id: taskId(RULES, origin), request, origin, input: undefined }
}

const LACKS_PROGRAM = { lacks: 'programMissing', message: 'nowhere' } as const
const LACKS_INPUT = { lacks: 'inputMissing', message: 'nowhere' } as const

/** A content that has what it is told; what was asked of it. */
function contentOf(has: { module?: Uint8Array; input?: Uint8Array }) {
  const asked: string[] = []
  const content: Content = {
    module: (program: Hash) => {
      asked.push(`module ${program}`)
      return has.module ?? LACKS_PROGRAM
    },
    input: (root, task) => {
      asked.push(`input ${root} ${task}`)
      return has.input ?? LACKS_INPUT
    },
    held: () => has.input,
    retain: () => undefined,
    atRest: async () => undefined,
  }
  const programs: LocalPrograms = createPrograms([], { inputOf: () => has.input, maxSteps: MAX_STEPS })
  return { asked, programs, compute: createComputing(programs, content) }
}

describe('createComputing', () => {
  const task = smallTask()
  const { program } = task.request.order

  it('computes with the program and the input that are found', () => {
    const { compute } = contentOf({ module: SMALL_TASK, input: INPUT })
    const computed = compute(RULES, task, 'none')
    expect('trace' in computed && computed.trace.final.value).toBe(TRACE.final.stateHash)
  })

  it('tells what is lacking, and asks for nothing more', () => {
    const { compute, asked } = contentOf({ input: INPUT })
    expect(compute(RULES, task, 'none')).toEqual(LACKS_PROGRAM)
    expect(asked).toEqual([`module ${program}`])
  })

  it('asks for an input where the request of the task says that it is', () => {
    const { compute, asked } = contentOf({ module: SMALL_TASK })
    expect(compute(RULES, task, 'none')).toEqual(LACKS_INPUT)
    expect(asked.at(-1)).toBe(`input ${task.request.inputRoot} ${task.id}`)
  })

  it('asks for no input of a task that it would not run', () => {
    const { asked } = contentOf({ module: SMALL_TASK })
    const { compute, programs } = contentOf({ module: SMALL_TASK })
    programs.add(SMALL_TASK)
    const request = { ...task.request, order: { ...task.request.order, maxSteps: MAX_STEPS + 1n } }
    const origin = originOf(request)
    const long = { ...task, id: taskId(RULES, origin), request, origin }
    expect(compute(RULES, long, 'none')).toEqual({ refused: 'tooManySteps' })
    expect(asked).toEqual([])
  })

  it('knows only the modules that it was given where there is no content', () => {
    const programs = createPrograms([SMALL_TASK], { inputOf: () => INPUT })
    const compute = createComputing(programs, undefined)
    expect(compute(RULES, task, 'none')).toHaveProperty('trace')
    expect(createComputing(createPrograms([]), undefined)(RULES, task, 'none')).toEqual({ refused: 'unknownProgram' })
  })
})
