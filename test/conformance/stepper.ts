import { regionDepth, regionIndex } from '../../interpreter/commit/merkle.ts'
import type { Program } from '../../interpreter/lower/program.ts'
import { Machine } from '../../interpreter/machine/machine.ts'
import { packRegisters } from '../../interpreter/machine/registers.ts'
import { REGION, SUBSTEPS } from '../../spec/index.ts'
import type { Disagreement, Engine } from './engine.ts'
import type { Progress } from './engines.ts'
import { FEW_SLOTS, NO_INPUT } from './interpreter.ts'
import { type Group, type LinkedInstance, LinkedSession, type Runner, STUB_WORDS } from './linked-session.ts'
import { Judge } from './stepper/judge.ts'
import { Keccak } from './stepper/keccak.ts'
import { LiveTree } from './stepper/live-tree.ts'
import { leavesOf, loadProgram } from './stepper/load-program.ts'
import { Packet } from './stepper/packet.ts'
import { Walker } from './stepper/walker.ts'

/** Steps of a run after each of which the fast machine's tree is compared as well; later only now and then. */
const DENSE_STEPS = 64
const SPARSE_STEPS = 64

/** Packets under way while the next one is made. */
const PENDING = 2

const WORD_BYTES = 32

const firstLeaf = (region: number): number => regionIndex(region) * 2 ** regionDepth(region)

/** Runs programs on the fast machine and through all substeps at once, and has the chain's code judge each substep. */
class JudgedRunner implements Runner {
  readonly #judge: Judge
  readonly #tree: LiveTree
  readonly #packet: Packet
  readonly #walker: Walker
  readonly #progress: Progress
  /** Whose state the tree holds. */
  #group: Group | undefined
  #command = 0
  #substeps = 0
  #disagreements: Disagreement[] = []

  constructor(judge: Judge, progress: Progress) {
    this.#progress = progress
    const keccak = new Keccak()
    this.#judge = judge
    this.#tree = new LiveTree(keccak)
    this.#packet = new Packet(keccak, judge.packetSize)
    this.#walker = new Walker(this.#tree, this.#packet)
  }

  begin(command: number): void {
    this.#command = command
    this.#packet.mark(command)
  }

  async run(program: Program, group: Group, grown: boolean): Promise<Machine> {
    const machine = new Machine(program, NO_INPUT)
    if (grown || group !== this.#group) loadProgram(this.#tree, program)
    else this.#continue(program)
    this.#group = group
    this.#walker.start(machine.core())
    if (this.#agrees(machine, true)) await this.#walk(machine)
    if (!machine.stopped) machine.runTo(Number.MAX_SAFE_INTEGER)
    return machine
  }

  async finish() {
    await this.#submit(0)
    const disagreements = [...this.#disagreements.splice(0), ...(await this.#judge.finish())]
    const work = { substeps: this.#substeps }
    this.#substeps = 0
    this.#group = undefined
    return { disagreements, work }
  }

  /** All that differs from the state that the group's last run left is its stub and its empty stack. */
  #continue({ code }: Program): void {
    let g = firstLeaf(REGION.CODE)
    for (const word of leavesOf(code.subarray(0, WORD_BYTES * STUB_WORDS))) this.#tree.setChanged(g++, word)
    this.#tree.cutStack(0, this.#walker.sp)
  }

  /** To the end of the run, or to where the two machines part. */
  async #walk(machine: Machine): Promise<void> {
    for (let step = 1; !machine.stopped; step++) {
      this.#walker.step()
      this.#substeps += SUBSTEPS
      machine.step()
      const whole = step <= DENSE_STEPS || step % SPARSE_STEPS === 0 || machine.stopped
      if (!this.#agrees(machine, whole)) return
      if (this.#packet.full) await this.#submit(PENDING)
    }
  }

  async #submit(pending: number): Promise<void> {
    this.#progress(this.#substeps / SUBSTEPS)
    if (!this.#packet.empty) await this.#judge.submit(this.#packet.seal(), pending)
  }

  /** Compares the registers of both machines, or all of their state. */
  #agrees(machine: Machine, whole: boolean): boolean {
    const same = whole
      ? machine.stateHash() === `0x${this.#walker.stateHash()}`
      : packRegisters(machine.registers) === this.#walker.core.regs
    if (!same) {
      const reason = `step ${machine.steps}: the fast run and the substeps part`
      this.#disagreements.push({ command: this.#command, reason })
    }
    return same
  }
}

/** The machine's definition and its fast run, each substep judged by the deployed stepper in an EVM. */
export async function createStepperEngine(progress: Progress): Promise<Engine<LinkedInstance>> {
  const judge = await Judge.create()
  const runner = new JudgedRunner(judge, progress)
  return {
    name: 'stepper',
    open: (group) => new LinkedSession(group, runner, { stackLimit: FEW_SLOTS }),
    close: () => judge.close(),
  }
}
