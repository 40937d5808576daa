import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** A binary module of a suite file and what the suite says of it. */
export interface SuiteBinary {
  readonly line: number
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly verdict: 'valid' | 'malformed' | 'invalid' | 'other'
  /** The suite's words for what is wrong. */
  readonly message: string
}

const DATA = resolve(process.env.SUBSTEP_TEST_DATA ?? join(import.meta.dirname, '../data'))
const SUITE = join(DATA, 'wasm-suite-2.0')

/** The official suite is there; without it tests that need it are skipped, and say so. */
export const suiteIsThere = existsSync(SUITE)

export const SUITE_MISSING = `official suite not found in ${SUITE}; set SUBSTEP_TEST_DATA or run npm run test:data`

type Expression = string | Uint8Array | readonly Expression[]

interface Source {
  readonly text: string
  at: number
}

const SPACE_OR_COMMENT = /(?:\s|;;[^\n]*|\(;[\s\S]*?;\))*/y
const ATOM = /[^\s()"]+/y
const STRING_PART = /\\([0-9a-fA-F]{2})|\\u\{([0-9a-fA-F]+)\}|\\(.)|([^"\\]+)/y
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

const match = (source: Source, pattern: RegExp): RegExpExecArray | null => {
  pattern.lastIndex = source.at
  const found = pattern.exec(source.text)
  if (found !== null) source.at = pattern.lastIndex
  return found
}

const skip = (source: Source): void => void match(source, SPACE_OR_COMMENT)

const readString = (source: Source): Uint8Array => {
  const bytes: number[] = []
  source.at++
  while (source.text[source.at] !== '"') {
    const [, hex, point, escaped, plain] = match(source, STRING_PART) ?? []
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16))
    else if (point !== undefined) bytes.push(...encode(String.fromCodePoint(Number.parseInt(point, 16))))
    else bytes.push(...encode(plain ?? ESCAPES[escaped ?? ''] ?? escaped ?? ''))
  }
  source.at++
  return Uint8Array.from(bytes)
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

const readExpression = (source: Source): Expression => {
  skip(source)
  const next = source.text[source.at]
  if (next === '"') return readString(source)
  if (next !== '(') return match(source, ATOM)?.[0] ?? ''
  source.at++
  const items: Expression[] = []
  for (skip(source); source.text[source.at] !== ')'; skip(source)) items.push(readExpression(source))
  source.at++
  return items
}

const isBytes = (expression: Expression): expression is Uint8Array => expression instanceof Uint8Array

/** Bytes of `(module $name? binary "..." ...)`. */
const binaryOf = (expression: Expression | undefined): Uint8Array<ArrayBuffer> | null => {
  if (expression === undefined || typeof expression === 'string' || isBytes(expression)) return null
  if (expression[0] !== 'module' || !expression.slice(1, 3).includes('binary')) return null
  return Uint8Array.from(expression.filter(isBytes).flatMap((part) => [...part]))
}

const VERDICTS: Readonly<Record<string, SuiteBinary['verdict']>> = {
  assert_malformed: 'malformed',
  assert_invalid: 'invalid',
}

const suiteBinary = (expression: Expression, line: number): SuiteBinary | null => {
  if (typeof expression === 'string' || isBytes(expression)) return null
  const plain = binaryOf(expression)
  if (plain !== null) return { line, bytes: plain, verdict: 'valid', message: '' }
  const bytes = binaryOf(expression[1])
  if (bytes === null) return null
  const message = expression[2]
  return {
    line,
    bytes,
    verdict: VERDICTS[String(expression[0])] ?? 'other',
    message: message !== undefined && isBytes(message) ? new TextDecoder().decode(message) : '',
  }
}

/** The binary modules of a suite file, in order. */
export const suiteBinaries = (file: string): SuiteBinary[] => {
  const source: Source = { text: readFileSync(join(SUITE, `${file}.wast`), 'utf8'), at: 0 }
  const found: SuiteBinary[] = []
  for (skip(source); source.at < source.text.length; skip(source)) {
    const line = source.text.slice(0, source.at).split('\n').length
    const binary = suiteBinary(readExpression(source), line)
    if (binary !== null) found.push(binary)
  }
  return found
}
