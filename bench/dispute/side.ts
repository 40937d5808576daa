import { readFileSync } from 'node:fs'
import type { LocalMarket } from '../../test/helpers/local-market.ts'
import { type LogLine, PlayerProcess } from '../../test/helpers/player-process.ts'

/** What one side of a dispute did and needed. */
export interface Effort {
  /** Kinds of its transactions, oldest first, and the gas of all of them. */
  readonly sent: readonly string[]
  readonly gas: number
  /** Of the processor: its worker with the task; and the whole process, start, compiler and chain included. */
  readonly computeSeconds: number
  readonly processSeconds: number
  /** The most that the process had in memory. */
  readonly peakBytes: number
  /** What ran the task, and why not the engine, if it did not. */
  readonly tier: string
  readonly fallback: string | undefined
}

interface Line extends LogLine {
  readonly gas?: string
  readonly cpuSeconds?: number
  readonly tier?: string
  readonly fallback?: string
}

/** Ticks of the processor's time in a second, as Linux counts in /proc. */
const TICKS = 100
const BYTES_PER_KB = 1024

/** A player in a process of its own, its log read as it comes. */
export class Side {
  readonly #process: PlayerProcess
  readonly #sent: string[] = []
  #gas = 0
  /** Of workers that are gone, and of the one that is there. */
  #before = 0
  #now = 0
  #tier = ''
  #fallback: string | undefined

  constructor(market: LocalMarket, script: string, name: string, role: readonly string[] = []) {
    const flags = ['--log-level', 'debug']
    this.#process = new PlayerProcess(market, script, name, { flags, first: role })
  }

  /** Reads on to one of the transactions that are waited for. */
  async until(...actions: readonly string[]): Promise<void> {
    await this.#process.until((line) => {
      this.#note(line)
      return line.event === 'mined' && actions.includes(line.action ?? '')
    })
  }

  /** Ends the player; what it did. */
  async end(): Promise<Effort> {
    const [peakBytes, processSeconds] = [peakOf(this.#process.pid), secondsOf(this.#process.pid)]
    const rest = this.#process.until((line) => {
      this.#note(line)
      return line.event === 'stopped'
    })
    this.#process.signal('SIGTERM')
    await rest
    await this.#process.exit()
    return {
      ...{ sent: this.#sent, gas: this.#gas, peakBytes, processSeconds, tier: this.#tier, fallback: this.#fallback },
      computeSeconds: this.#before + this.#now,
    }
  }

  #note(line: Line): void {
    if (line.event === 'mined') {
      this.#sent.push(line.action ?? '')
      this.#gas += Number(line.gas)
    }
    if (line.event === 'computed') {
      this.#before += this.#now
      this.#tier = line.tier ?? ''
    }
    if (line.cpuSeconds === undefined) return
    this.#now = line.cpuSeconds
    this.#fallback ??= line.fallback
  }
}

function peakOf(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * BYTES_PER_KB
}

/** User and system time are the fourteenth and fifteenth of its fields, the second of which may hold blanks. */
function secondsOf(pid: number): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const [user, system] = rest.split(' ').slice(11, 13)
  return (Number(user) + Number(system)) / TICKS
}
