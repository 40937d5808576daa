import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TASKS } from '../../wasm-tasks/index.ts'
import { ROOT } from './compile.ts'

const NO_TASKS = ['lib', 'build']

/** A folder of wasm-tasks/ would be left out, because the list of tasks does not name it. */
export class TaskUnlisted extends Error {
  override readonly name = 'TaskUnlisted'
  readonly task: string
  constructor(task: string) {
    super(
      `wasm-tasks/${task} is not a task of wasm-tasks/index.ts, so it would not be compiled\n` +
        `  next: add { name: '${task}', reference: ... } to TASKS there, or move the folder away`,
    )
    this.task = task
  }
}

/**
 * Every folder of `tasks` but the library's and the binaries' is a listed task.
 * @throws TaskUnlisted
 */
export function requireListed(tasks = join(ROOT, 'wasm-tasks')): void {
  const listed = [...TASKS.map(({ name }) => name), ...NO_TASKS]
  const folders = readdirSync(tasks, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const unlisted = folders.find(({ name }) => !listed.includes(name))
  if (unlisted !== undefined) throw new TaskUnlisted(unlisted.name)
}
