import { SUBSTEPS } from '../../spec/index.ts'
import type { FileReport } from './report.ts'

const INTERVAL_MS = 30_000
const HEAVIEST = 8

const number = (count: number): string => Math.round(count).toLocaleString('en')

/** Tells on stderr how far a run through the judge has come, which may take an hour. */
export class JudgedProgress {
  /** Names of files by falling number of steps, so that the longest does not come last. */
  readonly heaviestFirst: readonly string[]
  readonly #steps: ReadonlyMap<string, number>
  readonly #total: number
  readonly #done = new Map<string, number>()
  readonly #start = performance.now()
  readonly #timer: NodeJS.Timeout

  /** `steps` are those that each file will take. */
  constructor(steps: ReadonlyMap<string, number>) {
    this.#steps = steps
    this.#total = [...steps.values()].reduce((sum, count) => sum + count, 0)
    this.heaviestFirst = [...steps].sort(([, a], [, b]) => b - a).map(([name]) => name)
    const heaviest = this.heaviestFirst.slice(0, HEAVIEST).map((name) => `${name} ${number(steps.get(name) ?? 0)}`)
    console.error(
      `${number(this.#total)} steps, ${number(SUBSTEPS * this.#total)} substeps; most in ${heaviest.join(', ')}`,
    )
    this.#timer = setInterval(() => console.error(this.#line()), INTERVAL_MS)
  }

  progress(name: string, steps: number): void {
    this.#done.set(name, steps)
  }

  done({ name }: FileReport): void {
    this.#done.set(name, this.#steps.get(name) ?? 0)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #line(): string {
    const done = [...this.#done.values()].reduce((sum, count) => sum + count, 0)
    const perSecond = done / ((performance.now() - this.#start) / 1000)
    const left = (this.#total - done) / perSecond / 60
    const running = [...this.#done]
      .filter(([name, steps]) => steps < (this.#steps.get(name) ?? 0))
      .map(([name]) => name)
    const percent = ((100 * done) / this.#total).toFixed(1)
    return `${percent}%: ${number(SUBSTEPS * perSecond)} substeps a second, ${number(left)} minutes left (${running.join(', ')})`
  }
}
