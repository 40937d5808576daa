import { accessSync, constants, existsSync, fstatSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { errorCode, FileUnreadable, OutputUnwritable, PipeClosed } from './errors.ts'

/** Stands for standard input or output in place of a path. */
export const STANDARD = '-'

/** @throws FileUnreadable */
export function readFile(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path))
  } catch (error) {
    throw new FileUnreadable(path, error)
  }
}

/**
 * The input of a task: a file, standard input, or nothing.
 * @throws FileUnreadable
 */
export async function readInput(path: string | undefined): Promise<Uint8Array> {
  if (path === undefined) return new Uint8Array(0)
  return path === STANDARD ? readStandardInput() : readFile(path)
}

async function readStandardInput(): Promise<Uint8Array> {
  // Node reads a folder as if it were empty.
  if (fstatSync(process.stdin.fd).isDirectory()) throw new FileUnreadable('standard input', new Error('it is a folder'))
  try {
    return new Uint8Array(await buffer(process.stdin))
  } catch (error) {
    throw new FileUnreadable('standard input', error)
  }
}

/**
 * Says early, before a long run, what would go wrong at its end; changes nothing.
 * @throws OutputUnwritable
 */
export function checkWritable(path: string): void {
  try {
    // The separator at its end makes the path fail that leads to a file.
    accessSync(`${dirname(path)}${sep}`, constants.W_OK)
    if (existsSync(path)) accessSync(path, constants.W_OK)
  } catch (error) {
    throw new OutputUnwritable(path, error)
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new OutputUnwritable(path, new Error('it is a folder'))
}

/** @throws OutputUnwritable */
export function writeFile(path: string, data: Uint8Array): void {
  try {
    writeFileSync(path, data)
  } catch (error) {
    throw new OutputUnwritable(path, error)
  }
}

/**
 * Removes a file, if there is one; devices and the like stay.
 * @throws OutputUnwritable
 */
export function removeFile(path: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) rmSync(path)
  } catch (error) {
    throw new OutputUnwritable(path, error)
  }
}

/**
 * Writes to a standard stream and waits until it has taken everything.
 * @throws PipeClosed
 * @throws OutputUnwritable
 */
export function print(stream: NodeJS.WriteStream, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(data, (error) => {
      if (error == null) resolve()
      else reject(errorCode(error) === 'EPIPE' ? new PipeClosed() : new OutputUnwritable('standard output', error))
    })
  })
}
