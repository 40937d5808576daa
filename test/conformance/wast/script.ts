import type { Expression, List } from './expression.ts'
import { readExpressions, ScriptSyntaxError } from './expression.ts'
import { type FloatType, floatBits, integerBits, type NanClass } from './literal.ts'

/** A module as a script writes it. */
export interface ModuleSource {
  /** The identifier by which later commands name it. */
  readonly name: string | null
  /** In the text format, in the text format within strings, or in binary. */
  readonly form: 'text' | 'quote' | 'binary'
  readonly bytes: Uint8Array
}

export type NumberType = 'i32' | 'i64' | FloatType
export type HeapType = 'func' | 'extern'

/** A number as bits, unsigned. */
export interface NumberValue {
  readonly type: NumberType
  readonly bits: bigint
}

/** What a script gives to a function. */
export type Argument =
  | NumberValue
  | { readonly type: 'ref.null'; readonly heap: HeapType }
  | { readonly type: 'ref.extern'; readonly host: number }

/** What a script wants from a function; any reference to a function is a `ref.func`. */
export type Expected = Argument | { readonly type: FloatType; readonly nan: NanClass } | { readonly type: 'ref.func' }

/** `module` names the instance; the latest one if null. */
export type Action = { readonly module: string | null; readonly field: string } & (
  | { readonly kind: 'invoke'; readonly args: readonly Argument[] }
  | { readonly kind: 'get' }
)

export type Assertion =
  | { readonly kind: 'assert_return'; readonly action: Action; readonly expected: readonly Expected[] }
  | { readonly kind: 'assert_trap'; readonly subject: Action | ModuleSource; readonly message: string }
  | { readonly kind: 'assert_exhaustion'; readonly action: Action; readonly message: string }
  | {
      readonly kind: 'assert_malformed' | 'assert_invalid' | 'assert_unlinkable'
      readonly module: ModuleSource
      readonly message: string
    }

export type Command = { readonly line: number } & (
  | Assertion
  | { readonly kind: 'module'; readonly module: ModuleSource }
  | { readonly kind: 'register'; readonly as: string; readonly module: string | null }
  | { readonly kind: 'action'; readonly action: Action }
)

/** What a module's fields begin with: a script of fields alone is one module. */
const FIELDS = new Set(['type', 'import', 'func', 'table', 'memory', 'global', 'export', 'start', 'elem', 'data'])

/**
 * The commands of a script.
 * @throws ScriptSyntaxError, LiteralError
 */
export function readScript(file: Uint8Array): Command[] {
  const lineAt = lineCounter(file)
  const expressions = readExpressions(file).map((expression) => list(expression))
  const [first] = expressions
  if (first !== undefined && FIELDS.has(headOf(first))) {
    const module: ModuleSource = { name: null, form: 'quote', bytes: Uint8Array.from(file) }
    return [{ line: lineAt(first.start), kind: 'module', module }]
  }
  return expressions.map((expression) => ({ line: lineAt(expression.start), ...readCommand(expression, file) }))
}

/** Lines of ascending offsets. */
function lineCounter(file: Uint8Array): (offset: number) => number {
  let line = 1
  let at = 0
  return (offset) => {
    for (; at < offset; at++) if (file[at] === 0x0a) line++
    return line
  }
}

function list(expression: Expression | undefined, within?: List): List {
  if (expression?.kind === 'list') return expression
  throw new ScriptSyntaxError(expression?.start ?? within?.end ?? 0, 'a list is missing')
}

const atomText = (expression: Expression | undefined): string => (expression?.kind === 'atom' ? expression.text : '')

const headOf = ({ items }: List): string => atomText(items[0])

function textOf(expression: Expression | undefined, within: List): string {
  if (expression?.kind !== 'text') throw new ScriptSyntaxError(expression?.start ?? within.end, 'a string is missing')
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(expression.bytes)
}

/** The identifier among the operands of a list, and the other operands. */
function operands({ items }: List): { readonly name: string | null; readonly rest: readonly Expression[] } {
  const name = atomText(items[1])
  return name.startsWith('$') ? { name, rest: items.slice(2) } : { name: null, rest: items.slice(1) }
}

type Uncounted<T> = T extends unknown ? Omit<T, 'line'> : never

function readCommand(command: List, file: Uint8Array): Uncounted<Command> {
  const kind = headOf(command)
  const subject = command.items[1]
  switch (kind) {
    case 'module':
      return { kind, module: readModule(command, file) }
    case 'register':
      return { kind, as: textOf(subject, command), module: atomText(command.items[2]) || null }
    case 'invoke':
    case 'get':
      return { kind: 'action', action: readAction(command) }
    case 'assert_return':
      return { kind, action: readAction(list(subject, command)), expected: command.items.slice(2).map(readExpected) }
    default:
      return readRefusal(command, kind, list(subject, command), file)
  }
}

/** Assertions that something goes wrong with a message. */
function readRefusal(command: List, kind: string, subject: List, file: Uint8Array): Assertion {
  const message = textOf(command.items[2], command)
  switch (kind) {
    case 'assert_trap': {
      const isModule = headOf(subject) === 'module'
      return { kind, subject: isModule ? readModule(subject, file) : readAction(subject), message }
    }
    case 'assert_exhaustion':
      return { kind, action: readAction(subject), message }
    case 'assert_malformed':
    case 'assert_invalid':
    case 'assert_unlinkable':
      return { kind, module: readModule(subject, file), message }
    default:
      throw new ScriptSyntaxError(command.start, `there is no command '${kind}'`)
  }
}

function readModule(module: List, file: Uint8Array): ModuleSource {
  if (headOf(module) !== 'module') throw new ScriptSyntaxError(module.start, 'a module is missing')
  const { name, rest } = operands(module)
  const form = atomText(rest[0])
  if (form !== 'quote' && form !== 'binary')
    return { name, form: 'text', bytes: Uint8Array.from(file.subarray(module.start, module.end)) }
  const parts = rest.slice(1).map((part) => {
    if (part.kind !== 'text') throw new ScriptSyntaxError(part.start, 'a string is missing')
    return part.bytes
  })
  return { name, form, bytes: Uint8Array.from(Buffer.concat(parts)) }
}

function readAction(action: List): Action {
  const kind = headOf(action)
  const { name: module, rest } = operands(action)
  const field = textOf(rest[0], action)
  if (kind === 'invoke') return { kind, module, field, args: rest.slice(1).map(readArgument) }
  if (kind === 'get') return { kind, module, field }
  throw new ScriptSyntaxError(action.start, `there is no action '${kind}'`)
}

function readArgument(expression: Expression): Argument {
  const constant = list(expression)
  const operand = atomText(constant.items[1])
  const head = headOf(constant)
  switch (head) {
    case 'i32.const':
      return { type: 'i32', bits: integerBits(operand, 32) }
    case 'i64.const':
      return { type: 'i64', bits: integerBits(operand, 64) }
    case 'f32.const':
      return { type: 'f32', bits: floatBits(operand, 'f32') }
    case 'f64.const':
      return { type: 'f64', bits: floatBits(operand, 'f64') }
    case 'ref.extern':
      return { type: head, host: Number(integerBits(operand, 32)) }
    case 'ref.null':
      if (operand === 'func' || operand === 'extern') return { type: head, heap: operand }
  }
  throw new ScriptSyntaxError(constant.start, `'${head} ${operand}' is no constant`)
}

const NAN_CLASS = /^nan:(canonical|arithmetic)$/
const FLOAT_CONST = /^(f32|f64)\.const$/

function readExpected(expression: Expression): Expected {
  const constant = list(expression)
  if (headOf(constant) === 'ref.func') return { type: 'ref.func' }
  const nan = NAN_CLASS.exec(atomText(constant.items[1]))?.[1] as NanClass | undefined
  const type = FLOAT_CONST.exec(headOf(constant))?.[1] as FloatType | undefined
  return nan !== undefined && type !== undefined ? { type, nan } : readArgument(constant)
}
