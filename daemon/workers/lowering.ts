import type { Hash } from '../../interpreter/index.ts'
import type { Crew, Errand } from './crew.ts'
import type { Order, Reply } from './messages.ts'

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

/** Finds in a worker which program a module lowers to: a small module can become a large program. */
export class Lowering implements Errand {
  readonly isStaked: () => boolean
  readonly #crew: Crew
  readonly #module: Uint8Array
  /** The program's id; rejects with LoweringFailed, LoweringLost. */
  readonly program: Promise<Hash>
  #resolve: (program: Hash) => void = () => undefined
  #reject: (problem: LoweringFailed | LoweringLost) => void = () => undefined
  #isOver = false

  constructor(crew: Crew, module: Uint8Array, isStaked: () => boolean) {
    this.#crew = crew
    this.#module = module
    this.isStaked = isStaked
    this.program = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** It is wanted, still or again. */
  call(): void {
    if (!this.#isOver) this.#crew.call(this)
  }

  next(): Order | undefined {
    return this.#isOver ? undefined : { kind: 'lower', module: this.#module }
  }

  given(): void {}

  interrupted(): void {}

  said(reply: Reply): void {
    if (reply.kind === 'lowered') this.#end(() => this.#resolve(reply.program))
    if (reply.kind === 'failed') this.#end(() => this.#reject(new LoweringFailed(reply.error, reply.message)))
  }

  lost(problem: string): void {
    this.#end(() => this.#reject(new LoweringLost(problem)))
  }

  #end(settle: () => void): void {
    this.#isOver = true
    this.#crew.dismiss(this)
    settle()
  }
}
