import { readFileSync } from 'node:fs'
import {
  byteTreeRoot,
  encodeWitnessHex,
  lowerTask,
  programHeader,
  StateOracle,
  toHex,
} from '../../interpreter/index.ts'
import { MACHINE_VERSION, SUBSTEPS } from '../../spec/index.ts'

/** The computations that pin the machine: a change of any of their hashes needs a new machine version. */
const COMPUTATIONS = [
  { task: 'nbody', input: Uint8Array.of(1, 0, 0, 0) },
  { task: 'sha256', input: new TextEncoder().encode('abc') },
  { task: 'scrypt', input: readFileSync('examples/litecoin-genesis.bin') },
]

const MAX_STEPS = 10 ** 8

/** Steps whose hashes are kept: the ends, and a few between them. */
const samples = (steps: number): number[] => [0, 1, 2, ...[1, 2, 3, 4].map((i) => Math.floor((i * steps) / 5)), steps]

function vector({ task, input }: (typeof COMPUTATIONS)[number]) {
  const program = lowerTask(readFileSync(`wasm-tasks/build/${task}.wasm`))
  const header = programHeader(program)
  const trace = new StateOracle(program, input, MAX_STEPS)
  const judged = Math.floor(trace.final.steps / 2)
  const hashes = trace.substepHashes(judged)
  return {
    task,
    input: toHex(input),
    programId: header.programId,
    regionRoots: header.regionRoots.map(toHex),
    regs: `0x${header.regs.toString(16)}`,
    inputRoot: toHex(byteTreeRoot(input)),
    output: toHex(trace.output),
    outcome: trace.outcome,
    final: { steps: trace.final.steps, root: toHex(trace.final.root), regs: `0x${trace.final.regs.toString(16)}` },
    states: samples(trace.final.steps).map((step) => ({ step, stateHash: trace.hashAt(step) })),
    substeps: Array.from({ length: SUBSTEPS }, (_, substep) => ({
      step: judged,
      substep,
      witness: encodeWitnessHex(trace.witnessAt(judged, substep)),
      pre: hashes[substep],
      post: hashes[substep + 1],
    })),
  }
}

/** Golden vectors of the machine, as JSON. */
export function goldenVectors(): string {
  const source = 'scripts/generate/vectors.ts: npm run generate'
  const vectors = COMPUTATIONS.map(vector)
  return `${JSON.stringify({ source, machineVersion: MACHINE_VERSION, vectors }, null, 2)}\n`
}
