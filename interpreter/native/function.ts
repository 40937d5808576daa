import type { Instruction } from '../binary/instruction.ts'
import type { LoweredCode } from '../lower/program.ts'
import { type Blocks, blocksOf } from './blocks.ts'
import { Body, SP_MASK } from './body.ts'
import { emitReturn } from './branches.ts'
import { workOfFrame } from './budget.ts'
import { enclose } from './capture.ts'
import { ByteWriter } from './code-bytes.ts'
import { emitElse, emitEnd, endIteration, openFunction, reopenBlock, reopenLoop, settle } from './control.ts'
import {
  access,
  fromSlot,
  i32Const,
  localGet,
  localSet,
  type NativeType,
  nativeType,
  opcode,
  unsigned,
} from './encoding.ts'
import type { Environment, Site } from './environment.ts'
import { emitInstruction } from './instructions.ts'
import { CONTROL_WORDS } from './layout.ts'

/** Goes through the instructions of a function from one of them on. */
class Walk {
  readonly #body: Body
  readonly #code: readonly Instruction[]
  readonly #blocks: Blocks

  constructor(body: Body) {
    this.#body = body
    this.#code = body.source.source.body
    this.#blocks = blocksOf(this.#code)
  }

  /** Emits the instructions from `at` on up to the one at `end`. */
  emit(at: number, end: number): void {
    for (let next = at; next < end; ) next = this.#body.reachable ? this.#step(next) : this.#close(this.#skip(next))
  }

  /** The next one that code which cannot be reached has to see: the end or else of the innermost block. */
  #skip(at: number): number {
    let next = at
    for (let op = this.#code[next]!.op; op !== 'end' && op !== 'else'; op = this.#code[next]!.op) {
      next = op === 'block' || op === 'loop' || op === 'if' ? this.#blocks.end(next) + 1 : next + 1
    }
    return next
  }

  #step(at: number): number {
    const instruction = this.#code[at]!
    if (instruction.op === 'end' || instruction.op === 'else') return this.#close(at)
    this.#body.at = at
    emitInstruction(this.#body, instruction)
    return at + 1
  }

  #close(at: number): number {
    const body = this.#body
    const label = body.labels.at(-1)!
    body.at = at
    if (this.#code[at]!.op === 'else') {
      const opening = this.#blocks.opening(at)
      if (label.arm === 'resumed') {
        if (body.reachable) body.charge(body.words)
        return this.#blocks.end(opening)
      }
      emitElse(body, label, signatureOf(this.#code[opening]!).params)
      return at + 1
    }
    if (label.kind === 'function') this.#endFunction()
    else if (label.loop >= 0) this.#endIteration(label.loop, at)
    else emitEnd(body)
    return at + 1
  }

  #endIteration(loop: number, at: number): void {
    if (endIteration(this.#body)) this.emit(loop, at + 1)
    emitEnd(this.#body)
  }

  #endFunction(): void {
    if (this.#body.reachable) emitReturn(this.#body, this.#body.words)
    this.#body.closeLabel()
    this.#body.reachable = false
  }

  /** Opens what is left of the blocks around an instruction. */
  reopen(at: number, operands: Site['operands']): void {
    for (const { opening, arm } of this.#blocks.around(at)) {
      const { params, results } = signatureOf(this.#code[opening]!)
      const below = operands.slice(0, this.#heightAt(opening))
      if (this.#code[opening]!.op === 'loop') reopenLoop(this.#body, below, { params, results }, opening)
      else reopenBlock(this.#body, below, results, arm === 'first')
    }
  }

  #heightAt(opening: number): number {
    return this.#body.env.below(this.#body.func, opening)
  }
}

const signatureOf = (instruction: Instruction): { params: NativeType[]; results: NativeType[] } => {
  if (!('signature' in instruction)) throw new RangeError(`${instruction.op} opens no block`)
  const { params, results } = instruction.signature
  return { params: params.map(nativeType), results: results.map(nativeType) }
}

/** The code of a function as the engine gets it, locals first. */
export const recompile = (env: Environment, func: number): Uint8Array => {
  const body = new Body(env, func, false)
  const { source, entryPc, pcs } = body.source
  openFunction(body)
  body.enter()
  env.site(entryPc, { func, kind: 'entry', at: 0, operands: [] })
  body.checkEntry([body.exhausted, overflow(body, env.listing.word(entryPc).immLo)])
  body.charge(pcs[0]! - entryPc)
  new Walk(body).emit(0, source.body.length)
  return finish(body, body.temporaries, body.locals.slice(body.args))
}

/** sp and what ENTER asks for are beyond the limit. */
const overflow = (body: Body, need: number): number[] => [
  ...localGet(body.counter),
  ...opcode('i32.wrap_i64'),
  ...i32Const(Number(SP_MASK)),
  ...opcode('i32.and'),
  ...i32Const(need),
  ...opcode('i32.add'),
  ...i32Const(0),
  ...access('i32.load', CONTROL_WORDS.stackLimit),
  ...opcode('i32.gt_u'),
]

/** What is left of a function behind a call or from a loop on: takes the counter, gives the function's results. */
export const resumption = (env: Environment, site: Site): Uint8Array => {
  const body = new Body(env, site.func, true)
  const walk = new Walk(body)
  const { length } = body.source.source.body
  openFunction(body)
  body.enter()
  loadFrame(body, site)
  walk.reopen(site.at, site.operands)
  settle(body, site.operands, [])
  walk.emit(site.kind === 'loop' ? site.at : site.at + 1, length)
  return finish(body, body.temporaries, body.locals)
}

/** Everything that the frame has comes out of its slots. */
const loadFrame = (body: Body, { operands }: Site): void => {
  body.spend(workOfFrame(body.locals.length + operands.length))
  const { slots } = body.env.layout
  const load = (slot: number, type: NativeType, local: number): void => {
    body.put(localGet(body.baseLocal), access('i64.load', slots + 8 * slot), fromSlot(type), localSet(local))
  }
  body.put(localGet(body.counter), opcode('i32.wrap_i64'), i32Const(Number(SP_MASK)), opcode('i32.and'))
  body.put(i32Const(3), opcode('i32.shl'), localSet(body.baseLocal))
  body.locals.forEach((type, local) => {
    load(local < body.args ? local - body.args - 1 : local - body.args, type, body.localIndex(local))
  })
  operands.forEach(({ type }, height) => {
    load(body.slotOf(height), type, body.temporary(height, type))
  })
}

/** Words of a function. */
export const wordsOf = ({ entryPc, pcs }: LoweredCode): number => pcs.at(-1)! - entryPc

const finish = (body: Body, temporaries: readonly NativeType[], own: readonly NativeType[]): Uint8Array => {
  const code = new ByteWriter()
  body.flow.solve(wordsOf(body.source))
  const locals = runs([...own, ...temporaries])
  code.put(unsigned(locals.length))
  for (const { type, count } of locals) code.put(unsigned(count), [type])
  enclose(body, code)
  return code.slice()
}

const runs = (types: readonly NativeType[]): { type: NativeType; count: number }[] => {
  const found: { type: NativeType; count: number }[] = []
  for (const type of types) {
    const last = found.at(-1)
    if (last?.type === type) last.count++
    else found.push({ type, count: 1 })
  }
  return found
}
