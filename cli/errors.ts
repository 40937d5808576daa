/** A file named on the command line cannot be read. */
export class FileUnreadable extends Error {
  override readonly name = 'FileUnreadable'
  readonly path: string
  constructor(path: string, cause: unknown) {
    super(`cannot read ${path}: ${reasonOf(cause)}`, { cause })
    this.path = path
  }
}

/** The place that --output names cannot be written to. */
export class OutputUnwritable extends Error {
  override readonly name = 'OutputUnwritable'
  readonly path: string
  constructor(path: string, cause: unknown) {
    super(`cannot write ${path}: ${reasonOf(cause)}`, { cause })
    this.path = path
  }
}

/** The steps asked for are not a range of the run. */
export class RangeRefused extends Error {
  override readonly name = 'RangeRefused'
  readonly next: string
  constructor(message: string, next: string) {
    super(message)
    this.next = next
  }
}

/** The options do not go together, or one of them makes no sense here. */
export class UsageRefused extends Error {
  override readonly name = 'UsageRefused'
  readonly next: string
  constructor(message: string, next: string) {
    super(message)
    this.next = next
  }
}

/** The reader of a pipe went away, as `head` does. */
export class PipeClosed extends Error {
  override readonly name = 'PipeClosed'
  constructor() {
    super('the reader of the output went away')
  }
}

/** The user stopped the command; `stand` tells how far it was. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly stand: string
  constructor(stand: string) {
    super(`interrupted ${stand}`)
    this.stand = stand
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
}

/** The reason of a failed system call in words, else as the system gives it. */
function reasonOf(cause: unknown): string {
  const code = errorCode(cause)
  if (code !== undefined && REASONS[code] !== undefined) return REASONS[code]
  return cause instanceof Error ? cause.message : String(cause)
}

/** The code of a failed system call, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
