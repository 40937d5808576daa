import { closeSync, openSync, writeFileSync } from 'node:fs'
import { messageOf } from './exit.ts'

/** The file that `--json` names cannot be written. */
export class ResultUnwritable extends Error {
  override readonly name = 'ResultUnwritable'
  readonly path: string
  constructor(path: string, cause: NodeJS.ErrnoException) {
    super(`cannot write ${path}: ${messageOf(cause)}`, { cause })
    this.path = path
  }
}

/**
 * Opens the file as writing it will, but leaves in it what is there.
 * @throws ResultUnwritable
 */
export const assertWritable = (path: string): void => attempt(path, () => closeSync(openSync(path, 'a')))

/** @throws ResultUnwritable */
export const writeResult = (path: string, text: string): void => attempt(path, () => writeFileSync(path, text))

function attempt(path: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    throw new ResultUnwritable(path, error as NodeJS.ErrnoException)
  }
}
