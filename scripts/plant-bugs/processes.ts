import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Ended {
  /** Null if it was ended by a signal, such as that of its time limit. */
  readonly code: number | null
  readonly output: string
}

export interface Started {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Milliseconds: a planted bug may never come to an end. */
  readonly timeLimit: number
}

const running = new Set<ChildProcess>()

/** Each process leads a group, so that its own children end with it. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}

/** Ends everything that was started and still runs, and waits until it writes no more. */
export async function killAll(): Promise<void> {
  const ended = [...running].map((child) => once(child, 'close'))
  running.forEach(kill)
  await Promise.all(ended)
}

/** Runs a command to its end, or to its time limit. */
export function run(command: string, args: readonly string[], { cwd, env, timeLimit }: Started): Promise<Ended> {
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const timer = setTimeout(() => kill(child), timeLimit)
  const over = () => {
    clearTimeout(timer)
    running.delete(child)
  }
  return new Promise((resolve) => {
    child.on('error', (error) => {
      over()
      resolve({ code: null, output: `${error}` })
    })
    child.on('close', (code) => {
      over()
      resolve({ code, output })
    })
  })
}
