import { vi } from 'vitest'
import { runCommand } from '../../cli/command.ts'
import type { Ended } from './command.ts'

/** Runs the command in this process, as starting one takes most of the time; the key goes through the environment. */
export async function substepHere(args: readonly string[], key?: string): Promise<Ended> {
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)]
  vi.stubEnv('SUBSTEP_KEY', key)
  try {
    const code = await runCommand(args)
    return { code, stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    vi.unstubAllEnvs()
    for (const { restore } of [stdout, stderr]) restore()
  }
}

/** Keeps what is written to a stream, and tells the writer that it was taken. */
function capture(stream: NodeJS.WriteStream) {
  const chunks: Uint8Array[] = []
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk, encodingOrDone, done) => {
    chunks.push(Buffer.from(chunk))
    const taken = typeof encodingOrDone === 'function' ? encodingOrDone : done
    taken?.()
    return true
  })
  return { text: () => Buffer.concat(chunks).toString(), restore: () => spy.mockRestore() }
}
