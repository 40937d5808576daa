import { memorySize, short } from './text.ts'

/** Quiet for this long: most runs are over by then. */
const FIRST_MS = 1000
const EVERY_MS = 250
const ERASE_LINE = '\r\x1b[K'

/** The part of a stream that progress is shown on. */
export interface Screen {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** What is read of a machine. */
interface Running {
  readonly steps: number
  readonly registers: { readonly pages: number }
}

/** One line that is rewritten while a run takes long, on a terminal only. */
export class Progress {
  readonly #screen: Screen
  readonly #now: () => number
  readonly #start: number
  #next: number
  #shown = false

  constructor(screen: Screen, now: () => number) {
    this.#screen = screen
    this.#now = now
    this.#start = now()
    this.#next = this.#start + FIRST_MS
  }

  show({ steps, registers: { pages } }: Running): void {
    const now = this.#now()
    if (this.#screen.isTTY !== true || now < this.#next) return
    this.#next = now + EVERY_MS
    this.#shown = true
    const speed = steps / ((now - this.#start) / 1000)
    const line = `${short(steps)} steps  ${short(speed)} steps/s  memory ${memorySize(pages)}`
    this.#screen.write(`${ERASE_LINE}${line}`)
  }

  clear(): void {
    if (this.#shown) this.#screen.write(ERASE_LINE)
  }
}
