import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Address } from 'viem'
import { KEY_VARIABLE } from '../../daemon/index.ts'
import { keyOf, type LocalMarket } from './local-market.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** A line of a player's log. */
export interface LogLine {
  readonly level: string
  readonly event: string
  readonly action?: string
  readonly reason?: string
}

export interface ProcessSettings {
  /** Whose stake it plays with; by default that of its own account. */
  readonly owner?: Address
  /** Where it reaches the chain; by default at the node itself. */
  readonly rpc?: string
  /** Other flags, with their values. */
  readonly flags?: readonly string[]
  /** Arguments that come before all flags. */
  readonly first?: readonly string[]
}

/** A player as its operator runs it: a process of its own that knows the chain by HTTP alone, programs included. */
export class PlayerProcess {
  private readonly child: ChildProcess
  private readonly lines: AsyncIterator<string>
  private readonly ended: Promise<unknown[]>
  private complaints = ''

  /** `name` is the account, `script` the file to run. */
  constructor(market: LocalMarket, script: string, name: string, settings: ProcessSettings = {}) {
    const { owner, rpc = market.url, flags: more = [], first = [] } = settings
    const flags = { rpc, market: market.rules.market, name, 'poll-ms': '50', ...(owner === undefined ? {} : { owner }) }
    const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value])
    const env = { ...process.env, [KEY_VARIABLE]: keyOf(name) }
    this.child = spawn(process.execPath, [join(ROOT, script), ...first, ...args, ...more], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.ended = once(this.child, 'exit')
    this.child.stderr?.on('data', (text) => {
      this.complaints += text
    })
    if (this.child.stdout === null) throw new Error('no stdout')
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  /** The next line that is wanted; those before it are dropped. */
  async until(isWanted: (line: LogLine) => boolean): Promise<LogLine> {
    for (;;) {
      const { value, done } = await this.lines.next()
      if (done) throw new Error(`the process ended: ${this.complaints}`)
      const line = JSON.parse(value) as LogLine
      if (isWanted(line)) return line
    }
  }

  /** Closes the pipes that it logs to. */
  stopReading(): void {
    this.child.stdout?.destroy()
    this.child.stderr?.destroy()
  }

  /** Sends it a signal. */
  signal(signal: 'SIGKILL' | 'SIGTERM'): void {
    this.child.kill(signal)
  }

  /** Ends it with a signal; its exit code, or null if the signal ended it. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    this.signal(signal)
    return this.exit()
  }

  /** Waits until it has ended, however that comes. */
  async exit(): Promise<number | null> {
    const [code] = await this.ended
    return code as number | null
  }
}
