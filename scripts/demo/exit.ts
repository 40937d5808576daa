import { getSystemErrorMessage } from 'node:util'

/** Exit codes: from 64 on those of BSD's sysexits.h, from 128 on 128 plus the signal. */
export const EXIT = { OK: 0, FAILED: 1, USAGE: 64, UNWRITABLE: 74, INTERRUPTED: 130, PIPE_CLOSED: 141 } as const

/** What the system says, without the call and the path. */
export const messageOf = ({ errno, message }: NodeJS.ErrnoException): string =>
  errno === undefined ? message : getSystemErrorMessage(errno)

/** What a standard stream that takes nothing more means: a closed pipe is the reader's wish, all else a failure. */
export function exitOnStreamError(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.PIPE_CLOSED)
    process.stderr.write(`cannot write the output: ${messageOf(error)}\n`)
    process.exit(EXIT.UNWRITABLE)
  })
}
