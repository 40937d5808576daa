/** Modules, and the functions offered to them, do not fit together. */
export class LinkError extends Error {
  override readonly name: string = 'LinkError'
}

/** Whether nothing of the name is there, or something else than what is wanted. */
export type ImportFailure = 'unknown' | 'incompatible'

/** The module imports something that is not offered to it, or as another type. */
export class ImportRefused extends LinkError {
  override readonly name = 'ImportRefused'
  readonly module: string
  readonly field: string
  readonly failure: ImportFailure
  readonly reason: string
  constructor(module: string, field: string, failure: ImportFailure, reason: string) {
    super(`import ${JSON.stringify(module)} ${JSON.stringify(field)} refused: ${reason}`)
    this.module = module
    this.field = field
    this.failure = failure
    this.reason = reason
  }
}

/** The module lacks a function that it must export, or exports it as something else. */
export class ExportRefused extends LinkError {
  override readonly name = 'ExportRefused'
  readonly field: string
  readonly reason: string
  constructor(field: string, reason: string) {
    super(`export ${JSON.stringify(field)} refused: ${reason}`)
    this.field = field
    this.reason = reason
  }
}

/** The runtime module has something of its own that only other modules may have. */
export class RuntimeRefused extends LinkError {
  override readonly name = 'RuntimeRefused'
  readonly what: string
  constructor(what: string) {
    super(`runtime module refused: it has ${what}`)
    this.what = what
  }
}

/** A library cannot be linked under this name, or at this place. */
export class LibraryRefused extends LinkError {
  override readonly name = 'LibraryRefused'
  readonly library: string
  readonly reason: string
  constructor(library: string, reason: string) {
    super(`library ${JSON.stringify(library)} refused: ${reason}`)
    this.library = library
    this.reason = reason
  }
}

/** A data or element segment does not fit into its memory or table. */
export class SegmentOutOfBounds extends LinkError {
  override readonly name = 'SegmentOutOfBounds'
  readonly kind: 'data' | 'element'
  readonly index: number
  readonly end: number
  readonly size: number
  constructor(kind: 'data' | 'element', index: number, end: number, size: number) {
    super(`${kind} segment ${index} ends at ${end}, behind the end at ${size}`)
    this.kind = kind
    this.index = index
    this.end = end
    this.size = size
  }
}

/** The program needs more of something than the machine has, or than a task may have. */
export class ProgramTooLarge extends Error {
  override readonly name = 'ProgramTooLarge'
  readonly what: string
  readonly needed: number
  readonly limit: number
  constructor(what: string, needed: number, limit: number) {
    super(`${what}: ${needed} needed, ${limit} at most`)
    this.what = what
    this.needed = needed
    this.limit = limit
  }
}
