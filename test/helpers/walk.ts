import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Checkout } from './checkout.ts'
import { ROOT } from './command.ts'

/** Where the chain of every page listens. */
const DOCUMENTED_PORT = '8545'

/** How the log of a player names what happened. */
interface LogLine {
  readonly event: string
  readonly action?: string
}

/** A player that was started, and how to wait for what its log says. */
export interface WalkedPlayer {
  readonly child: ChildProcess
  /** @throws Error if the player ends before */
  until(event: string, action?: string): Promise<void>
}

/** The commands of a page, in the order in which its reader types them. */
export class Walk {
  private readonly place: Checkout
  private readonly children: ChildProcess[] = []
  private readonly replaced: [from: string, to: string][] = []

  constructor(place: Checkout) {
    this.place = place
  }

  /** From now on `from` stands for `to` in every command. */
  replace(from: string, to: string): void {
    this.replaced.push([from, to])
  }

  /** Starts the chain of a page by its command, at a port that is free; all commands find it there from now on. */
  async chain(line: string): Promise<void> {
    const { lines } = this.start(`${line} --port 0`)
    for (;;) {
      const { value, done } = await lines.next()
      if (done === true) throw new Error('the chain did not start')
      const [, port] = value.match(/^Started .*:(\d+)/) ?? []
      if (port !== undefined) return this.replace(DOCUMENTED_PORT, port)
    }
  }

  /** What a command prints that must succeed. */
  run(line: string): string {
    const printed = this.place.output(`{ ${this.here(line)}; } 2>&1; echo "exit code $?"`)
    if (!printed.endsWith('exit code 0\n')) throw new Error(`${line}\n${printed}`)
    return printed
  }

  /** Starts a player that looks often. */
  player(line: string): WalkedPlayer {
    const { child, lines } = this.start(`${this.here(line)} --poll-ms 50`, this.place.folder)
    const until = async (event: string, action?: string): Promise<void> => {
      for (;;) {
        const { value, done } = await lines.next()
        if (done === true) throw new Error(`the player ended before ${event} ${action ?? ''}`)
        const entry = JSON.parse(value) as LogLine
        if (entry.event === event && entry.action === action) return
      }
    }
    return { child, until }
  }

  /** Tells all that was started to stop. */
  end(): void {
    for (const child of this.children) stop(child)
  }

  /** Starts a command in a process group of its own; its lines as they come. */
  private start(command: string, cwd = ROOT) {
    const child = spawn('sh', ['-c', `exec ${command}`], { cwd, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
    this.children.push(child)
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
  }

  private here(line: string): string {
    return this.replaced.reduce((text, [from, to]) => text.replaceAll(from, to), line)
  }
}

/** Tells a command and everything that it started to stop. */
export function stop({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGTERM')
}
