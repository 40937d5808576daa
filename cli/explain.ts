import { CommanderError } from 'commander'
import {
  BytesTooLong,
  ExportRefused,
  ImportRefused,
  InvalidModule,
  MalformedModule,
  MemoryExhausted,
  ProgramTooLarge,
  SegmentOutOfBounds,
  UnsupportedFeature,
} from '../interpreter/index.ts'
import { TASK_IMPORTS, TASK_MAIN, TASK_MODULE } from '../spec/index.ts'
import {
  errorCode,
  FileUnreadable,
  Interrupted,
  OutputUnwritable,
  PipeClosed,
  RangeRefused,
  UsageRefused,
} from './errors.ts'
import { EXIT, type ExitCode } from './exit.ts'
import type { Explanation } from './explanation.ts'
import { visible } from './text.ts'

interface Row {
  readonly matches: (error: Error) => boolean
  readonly code: ExitCode
  readonly next: string
}

type ErrorClass = abstract new (...args: never[]) => Error

const row = (type: ErrorClass, code: ExitCode, next: string): Row => ({
  matches: (error) => error instanceof type,
  code,
  next,
})

const PLAIN_FLAGS =
  'asc without --enable; clang without -msimd128, -pthread and -fwasm-exceptions; rustc -C target-cpu=generic'

/** Sources that give AssemblyScript's `abort` a meaning, from the root of a checkout or of the package. */
const LIBRARY = 'wasm-tasks/lib'

/** How the decoder says that a part of the module has fewer bytes than it needs. */
const ENDED_EARLY = /found (the end|\d+), at offset/

const FREE_MEMORY = 'free some memory, or give the task less'

/** The first row that matches counts. */
const ROWS: readonly Row[] = [
  row(FileUnreadable, EXIT.UNREADABLE, 'check the path'),
  {
    matches: (error) => error instanceof OutputUnwritable && errorCode(error.cause) === 'ENOSPC',
    code: EXIT.UNWRITABLE,
    next: 'make room, or write somewhere else',
  },
  row(OutputUnwritable, EXIT.UNWRITABLE, 'check the path, or write somewhere else'),
  row(Interrupted, EXIT.INTERRUPTED, ''),
  {
    matches: (error) => error instanceof MalformedModule && ENDED_EARLY.test(error.message),
    code: EXIT.REFUSED,
    next: 'give a compiled module, and all of it: the file may be cut off',
  },
  row(MalformedModule, EXIT.REFUSED, 'give a compiled module; wat2wasm compiles the text format'),
  row(
    UnsupportedFeature,
    EXIT.REFUSED,
    `compile for WebAssembly 2.0 without SIMD and with one 32-bit memory: ${PLAIN_FLAGS}`,
  ),
  row(InvalidModule, EXIT.REFUSED, 'compile it again; wasm-validate shows more'),
  {
    matches: (error) => error instanceof ImportRefused && error.module === 'env' && error.field === 'abort',
    code: EXIT.REFUSED,
    next: `import ${LIBRARY}/host and compile with asc --use abort=${LIBRARY}/abort/abort, or with --use abort= to keep no message`,
  },
  row(
    ImportRefused,
    EXIT.REFUSED,
    `a task may import ${Object.keys(TASK_IMPORTS).join(', ')} from ${TASK_MODULE}; from other modules only in a program that links them`,
  ),
  row(ExportRefused, EXIT.REFUSED, `export a function ${TASK_MAIN} without parameters and results`),
  row(SegmentOutOfBounds, EXIT.REFUSED, 'declare a larger memory or table, or move the segment'),
  row(ProgramTooLarge, EXIT.REFUSED, 'declare less of it, or make the task smaller'),
  row(BytesTooLong, EXIT.REFUSED, 'give a shorter input'),
  row(MemoryExhausted, EXIT.NO_MEMORY, FREE_MEMORY),
  {
    matches: (error) => error instanceof RangeError && /allocation failed/i.test(error.message),
    code: EXIT.NO_MEMORY,
    next: FREE_MEMORY,
  },
]

/** What to tell the user, and how to exit; `explainMore` knows errors that this file does not. */
export function explain(
  error: unknown,
  explainMore: (error: Error) => Explanation | undefined = () => undefined,
): Explanation {
  // Commander has said what was wrong; its exit code 0 stands for help and version.
  if (error instanceof CommanderError) return silent(error.exitCode === 0 ? EXIT.OK : EXIT.USAGE)
  if (error instanceof PipeClosed) return silent(EXIT.PIPE_CLOSED)
  if (!(error instanceof Error)) return internal(String(error))
  if (error instanceof RangeRefused || error instanceof UsageRefused)
    return { code: EXIT.USAGE, what: error.message, next: error.next }
  const found = ROWS.find(({ matches }) => matches(error))
  if (found !== undefined) return { code: found.code, what: visible(error.message), next: found.next }
  const more = explainMore(error)
  return more === undefined ? internal(error.message) : { ...more, what: visible(more.what) }
}

const internal = (message: string): Explanation => ({
  code: EXIT.INTERNAL,
  what: `internal error: ${visible(message)}`,
  next: 'this is a bug in substep; please report it with the command and the module',
})

const silent = (code: ExitCode): Explanation => ({ code, what: '', next: '' })
