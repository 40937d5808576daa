import { decodeModule, functionNamer, type Module } from '../../interpreter/binary/index.ts'
import { runtimeWasm } from '../../interpreter/host/index.ts'
import type { Program } from '../../interpreter/lower/index.ts'
import { decodeWord, type InstructionWord } from '../../interpreter/machine/word.ts'
import { lowerTask } from '../../interpreter/task.ts'
import { ALU, CONTROL, type Signature, UNIT } from '../../spec/index.ts'

const WORD_BYTES = 32
const NO_TYPE: Signature = { params: [], results: [] }

/** A lowered task as the walk sees it. */
interface Walked {
  readonly words: readonly InstructionWord[]
  /** By pc of the entry. */
  readonly functions: ReadonlyMap<number, Signature>
  /** The type that an indirect call or tail call names, by pc. */
  readonly indirect: ReadonlyMap<number, Signature>
  readonly origins: Program['origins']
}

const signaturesOf = ({ functions, types }: Module): Signature[] => functions.map(({ type }) => types[type] ?? NO_TYPE)

const RUNTIME = decodeModule(runtimeWasm)

/** By the names that a program has for them. */
const runtimeSignatures = (): ReadonlyMap<string, Signature> => {
  const imported = RUNTIME.imports.filter(({ descriptor }) => descriptor.kind === 'function').length
  const nameOf = functionNamer(RUNTIME)
  return new Map(
    signaturesOf(RUNTIME).map((signature, k) => [nameOf(imported + k) ?? `func[${imported + k}]`, signature]),
  )
}

const walked = (wasm: Uint8Array<ArrayBuffer>): Walked => {
  const module = decodeModule(wasm)
  const { code, functions, origins } = lowerTask(wasm)
  const [own, ofRuntime] = [signaturesOf(module), runtimeSignatures()]
  const indirect = origins.flatMap(({ instruction }, pc) => {
    const type = /^(?:return_)?call_indirect .*\(type (\d+)\)$/.exec(instruction)?.[1]
    return type === undefined ? [] : [[pc, module.types[Number(type)] ?? NO_TYPE] as const]
  })
  return {
    words: Array.from({ length: code.length / WORD_BYTES }, (_, pc) =>
      decodeWord(code.subarray(pc * WORD_BYTES, (pc + 1) * WORD_BYTES)),
    ),
    functions: new Map(functions.map(({ name, entryPc }, k) => [entryPc, own[k] ?? ofRuntime.get(name) ?? NO_TYPE])),
    indirect: new Map(indirect),
    origins,
  }
}

/** What is wrong with the stack on any path through any function of a task, once it is lowered. */
export function stackFaults(wasm: Uint8Array<ArrayBuffer>): string[] {
  const task = walked(wasm)
  const starts = [...task.functions.keys()].sort((a, b) => a - b)
  return starts.flatMap((start, k) => new Walk(task, start, starts[k + 1] ?? task.words.length).faults())
}

/** All paths through one function. Heights and slots count from sp at its entry: the return pc is slot -1. */
class Walk {
  readonly #task: Walked
  readonly #start: number
  readonly #end: number
  readonly #signature: Signature
  readonly #heights = new Map<number, number>()
  readonly #waiting: number[] = []
  readonly #faults: string[] = []
  #used = 0

  constructor(task: Walked, start: number, end: number) {
    this.#task = task
    this.#start = start
    this.#end = end
    this.#signature = task.functions.get(start) ?? NO_TYPE
  }

  faults(): string[] {
    this.#reach(this.#start, 0)
    for (let pc = this.#waiting.pop(); pc !== undefined; pc = this.#waiting.pop()) this.#visit(pc)
    for (let pc = this.#start; pc < this.#end; pc++) if (!this.#heights.has(pc)) this.#fault(pc, 'is never reached')
    const { alu, immLo: need } = this.#word(this.#start)
    if (alu !== ALU.ENTER) this.#fault(this.#start, 'is no ENTER')
    // One slot is always asked for, and one more where the return pc is copied.
    if (this.#used > need || this.#used < need - 2) this.#fault(this.#start, `asks for ${need}, needs ${this.#used}`)
    return this.#faults
  }

  #word(pc: number): InstructionWord {
    const word = this.#task.words[pc]
    if (word === undefined) throw new RangeError(`the program has no word ${pc}`)
    return word
  }

  #fault(pc: number, what: string): void {
    this.#faults.push(`word ${pc} (${this.#task.origins[pc]?.instruction}) ${what}`)
  }

  #reach(pc: number, height: number): void {
    const known = this.#heights.get(pc)
    if (known !== undefined && known !== height) this.#fault(pc, `has the heights ${known} and ${height}`)
    if (known !== undefined) return
    if (pc < this.#start || pc >= this.#end) this.#fault(pc, 'is of another function')
    else {
      this.#heights.set(pc, height)
      this.#waiting.push(pc)
    }
  }

  /** The first argument. */
  get #bottom(): number {
    return -this.#signature.params.length - 1
  }

  #visit(pc: number): void {
    const { a, b, c, unit, result, delta } = this.#word(pc)
    const height = this.#heights.get(pc) ?? 0
    const after = height + delta
    for (const depth of [a, b, c]) {
      if (depth < 0 || height - depth < this.#bottom) this.#fault(pc, `reads ${depth} below sp`)
    }
    if ((unit & UNIT.WRITE) !== 0) {
      const slot = height - result
      if (slot < this.#bottom || slot >= after) this.#fault(pc, `writes slot ${slot} and leaves sp at ${after}`)
    }
    this.#used = Math.max(this.#used, after)
    this.#follow(pc, after)
  }

  #follow(pc: number, after: number): void {
    const { control, immLo } = this.#word(pc)
    if (control === CONTROL.NEXT || control === CONTROL.JUMPZ || control === CONTROL.JUMPNZ) this.#reach(pc + 1, after)
    if (control === CONTROL.JUMPZ || control === CONTROL.JUMPNZ) this.#reach(immLo, after)
    if (control === CONTROL.JUMP) this.#jump(pc, after, immLo)
    if (control === CONTROL.TABLE) for (let k = 0; k <= immLo; k++) this.#reach(pc + 1 + k, after)
    if (control === CONTROL.CALL) this.#call(pc, after, this.#task.functions.get(immLo))
    if (control === CONTROL.CALLREF) this.#call(pc, after, this.#task.indirect.get(pc))
    if (control === CONTROL.RETURN) this.#return(pc, after)
  }

  #jump(pc: number, after: number, target: number): void {
    const callee = this.#task.functions.get(target)
    if (callee === undefined) this.#reach(target, after)
    else this.#tailCall(pc, after, callee)
  }

  /** The return pc stands on top of the arguments. */
  #call(pc: number, after: number, callee = NO_TYPE): void {
    this.#reach(pc + 1, after - 1 - callee.params.length + callee.results.length)
  }

  /** The arguments and the return pc are all that is left. */
  #tailCall(pc: number, after: number, callee: Signature): void {
    const wanted = this.#bottom + callee.params.length + 1
    if (after !== wanted) this.#fault(pc, `leaves sp at ${after}, not at ${wanted}`)
  }

  #return(pc: number, after: number): void {
    const callee = this.#task.indirect.get(pc)
    if (callee !== undefined) {
      this.#tailCall(pc, after, callee)
      return
    }
    const wanted = this.#bottom + this.#signature.results.length
    if (after !== wanted) this.#fault(pc, `returns with sp at ${after}, not at ${wanted}`)
  }
}
