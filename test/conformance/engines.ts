import { type Reporter, reporter } from './report.ts'

/** Loaded when they are wanted: the stepper brings an EVM along. */
const ENGINES = {
  interpreter: async () => reporter((await import('./interpreter.ts')).interpreterEngine),
  native: async () => reporter((await import('./native.ts')).nativeEngine),
  stepper: async (progress: Progress) => reporter(await (await import('./stepper.ts')).createStepperEngine(progress)),
  v8: async () => reporter((await import('./v8.ts')).v8Engine),
} as const satisfies Readonly<Record<string, (progress: Progress) => Promise<Reporter>>>

/** Is told now and then how many steps of a file are done. */
export type Progress = (steps: number) => void

export type EngineName = keyof typeof ENGINES

export const ENGINE_NAMES = Object.keys(ENGINES) as readonly EngineName[]

export const isEngineName = (name: string): name is EngineName => Object.hasOwn(ENGINES, name)

export const createReporter = (engine: EngineName, progress: Progress): Promise<Reporter> => ENGINES[engine](progress)
