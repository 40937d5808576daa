import { bytesOf } from '../../../interpreter/commit/bits.ts'
import { byteLeaves } from '../../../interpreter/commit/byte-tree.ts'
import type { Program } from '../../../interpreter/lower/index.ts'
import { Machine } from '../../../interpreter/machine/index.ts'
import { remainsOf } from '../../../interpreter/machine/store.ts'
import { REGION } from '../../../spec/index.ts'
import { Judge } from '../../conformance/stepper/judge.ts'
import { Keccak } from '../../conformance/stepper/keccak.ts'
import { LiveTree } from '../../conformance/stepper/live-tree.ts'
import { leavesOf } from '../../conformance/stepper/load-program.ts'
import { Packet } from '../../conformance/stepper/packet.ts'
import { Walker } from '../../conformance/stepper/walker.ts'

/** Steps of a run from `from` on, `to` left out. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** What did not agree, and in which step of which program. */
export interface Parting {
  readonly seed: number
  readonly step: number
  readonly reason: string
}

const LEAF = 32
/** Packets under way while the next one is made. */
const PENDING = 2

/** Fills a tree with the state of a machine. */
function load(tree: LiveTree, program: Program, input: Uint8Array, { store }: Machine): void {
  const { globals, tables, memory } = remainsOf(store)
  const slots = new BigUint64Array(store.slots64.buffer).subarray(0, store.sp)
  tree.clear()
  tree.fill(REGION.CODE, leavesOf(program.code))
  tree.fill(REGION.DATA, leavesOf(program.data))
  tree.fill(REGION.INPUT, leavesOf(byteLeaves(input)))
  tree.fill(REGION.OUTPUT, leavesOf(store.output.bytes))
  tree.fill(REGION.GLOBALS, Array.from(globals, bytesOf))
  tree.fill(REGION.TABLES, tables.map(bytesOf))
  tree.fill(REGION.STACK, Array.from(slots, bytesOf))
  for (const { address, bytes } of memory) tree.fill(REGION.MEMORY, leavesOf(bytes), address / LEAF)
}

/** Plays steps of programs substep by substep: the definition, the fast run and the chain's code must agree on each. */
export class StepJudge {
  readonly #judge: Judge
  readonly #tree: LiveTree
  readonly #packet: Packet
  readonly #walker: Walker
  /** Where each step that was played stands, by its number in the packets. */
  readonly #played: { readonly seed: number; readonly step: number }[] = []
  readonly #partings: Parting[] = []

  private constructor(judge: Judge) {
    const keccak = new Keccak()
    this.#judge = judge
    this.#tree = new LiveTree(keccak)
    this.#packet = new Packet(keccak, judge.packetSize)
    this.#walker = new Walker(this.#tree, this.#packet)
  }

  static async create(): Promise<StepJudge> {
    return new StepJudge(await Judge.create())
  }

  /** Steps that were played. */
  get steps(): number {
    return this.#played.length
  }

  /** Plays windows of a run, in ascending order. */
  async play(seed: number, program: Program, input: Uint8Array, windows: readonly Window[]): Promise<void> {
    const machine = new Machine(program, input)
    for (const { from, to } of windows) {
      machine.runTo(from)
      load(this.#tree, program, input, machine)
      this.#walker.start(machine.core())
      while (this.#agrees(seed, machine) && machine.steps < to) await this.#step(seed, machine)
    }
  }

  /** What did not agree, when all is judged. */
  async finish(): Promise<readonly Parting[]> {
    if (!this.#packet.empty) await this.#judge.submit(this.#packet.seal(), 0)
    const refuted = (await this.#judge.finish()).map(({ command, reason }) => ({ ...this.#at(command), reason }))
    return [...this.#partings, ...refuted]
  }

  close(): Promise<void> {
    return this.#judge.close()
  }

  async #step(seed: number, machine: Machine): Promise<void> {
    if (this.#packet.full) await this.#judge.submit(this.#packet.seal(), PENDING)
    this.#packet.mark(this.#played.length)
    this.#played.push({ seed, step: machine.steps })
    this.#walker.step()
    machine.step()
  }

  #agrees(seed: number, machine: Machine): boolean {
    const [fast, exact] = [machine.stateHash(), `0x${this.#walker.stateHash()}`]
    if (fast !== exact) {
      const reason = `the fast run's hash is ${fast}, that of the substeps ${exact}`
      this.#partings.push({ seed, step: machine.steps, reason })
    }
    return fast === exact
  }

  #at(played: number): { readonly seed: number; readonly step: number } {
    const place = this.#played[played]
    if (place === undefined) throw new RangeError(`step ${played} was not played`)
    return place
  }
}
