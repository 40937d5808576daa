/** An S-expression of a script, with the bytes of the file that it covers. */
export type Expression = Atom | Text | List

interface Span {
  /** First byte in the file, and the first one behind. */
  readonly start: number
  readonly end: number
}

/** A keyword, a number, an identifier; anything that is neither a string nor a list. */
export interface Atom extends Span {
  readonly kind: 'atom'
  readonly text: string
}

/** A string: any bytes. */
export interface Text extends Span {
  readonly kind: 'text'
  readonly bytes: Uint8Array
}

export interface List extends Span {
  readonly kind: 'list'
  readonly items: readonly Expression[]
}

/** A script is not what the text format allows there. */
export class ScriptSyntaxError extends Error {
  override readonly name = 'ScriptSyntaxError'
  readonly offset: number
  constructor(offset: number, reason: string) {
    super(`offset ${offset}: ${reason}`)
    this.offset = offset
  }
}

/** Characters stand for bytes, so that strings that are no UTF-8 survive. */
interface Source {
  readonly text: string
  at: number
}

const SPACE_OR_LINE_COMMENT = /(?:[ \t\r\n]|;;[^\n]*)*/y
const BLOCK_COMMENT_PART = /\(;|;\)/g
const ATOM = /[^ \t\r\n()";]+/y
const STRING_PART = /\\([0-9a-fA-F]{2})|\\u\{([0-9a-fA-F_]+)\}|\\([ntr"'\\])|([^"\\]+)/y
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' }

/** All expressions of a file, in order. */
export function readExpressions(file: Uint8Array): Expression[] {
  const source: Source = { text: Buffer.from(file).toString('latin1'), at: 0 }
  const expressions: Expression[] = []
  for (skip(source); source.at < source.text.length; skip(source)) expressions.push(readExpression(source))
  return expressions
}

function match(source: Source, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = source.at
  const found = pattern.exec(source.text)
  if (found !== null) source.at = pattern.lastIndex
  return found
}

function skip(source: Source): void {
  match(source, SPACE_OR_LINE_COMMENT)
  while (source.text.startsWith('(;', source.at)) {
    skipBlockComment(source)
    match(source, SPACE_OR_LINE_COMMENT)
  }
}

/** Block comments nest. */
function skipBlockComment(source: Source): void {
  const start = source.at
  for (let depth = 0; ; ) {
    BLOCK_COMMENT_PART.lastIndex = source.at
    const part = BLOCK_COMMENT_PART.exec(source.text)
    if (part === null) throw new ScriptSyntaxError(start, 'a comment without an end')
    source.at = BLOCK_COMMENT_PART.lastIndex
    depth += part[0] === '(;' ? 1 : -1
    if (depth === 0) return
  }
}

function readExpression(source: Source): Expression {
  const start = source.at
  const next = source.text[start]
  if (next === '"') return { kind: 'text', bytes: readString(source), start, end: source.at }
  if (next === '(') return { kind: 'list', items: readItems(source), start, end: source.at }
  const atom = match(source, ATOM)
  if (atom === null) throw new ScriptSyntaxError(start, `'${next}' begins no expression`)
  return { kind: 'atom', text: atom[0], start, end: source.at }
}

function readItems(source: Source): Expression[] {
  const start = source.at++
  const items: Expression[] = []
  for (skip(source); source.text[source.at] !== ')'; skip(source)) {
    if (source.at >= source.text.length) throw new ScriptSyntaxError(start, 'a parenthesis without an end')
    items.push(readExpression(source))
  }
  source.at++
  return items
}

function readString(source: Source): Uint8Array {
  const start = source.at++
  const parts: Buffer[] = []
  while (source.text[source.at] !== '"') {
    const part = match(source, STRING_PART)
    if (part === null) throw new ScriptSyntaxError(start, 'a string without an end, or with an unknown escape')
    parts.push(bytesOf(part))
  }
  source.at++
  return Uint8Array.from(Buffer.concat(parts))
}

function bytesOf([, byte, point, escaped, plain]: RegExpExecArray): Buffer {
  if (byte !== undefined) return Buffer.from(byte, 'hex')
  if (point !== undefined) return Buffer.from(String.fromCodePoint(Number.parseInt(point.replaceAll('_', ''), 16)))
  return Buffer.from(plain ?? ESCAPES[escaped as string] ?? '', 'latin1')
}
