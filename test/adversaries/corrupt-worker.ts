// The worker of a corrupt player: computes with one bit flipped, as its data says.
import { workerData } from 'node:worker_threads'
import { serveWork } from '../../daemon/index.ts'
import { playedTrace } from '../../protocol/index.ts'
import { type Flip, FlippedTrace } from './flipped-trace.ts'

serveWork((program, { input, maxSteps }) => {
  const trace = new FlippedTrace(program, input, maxSteps, workerData as Flip)
  const { steps: interpretedSteps } = trace.final
  return {
    trace: playedTrace(trace),
    agreement: () => ({ verdict: 'agrees' }),
    report: () => ({ tier: 'interpreter', fallback: null, nativeSteps: 0, interpretedSteps, checkpointBytes: 0 }),
  }
})
