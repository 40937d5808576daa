import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Edit } from '../../test/planted/index.ts'

/** What is to be replaced stands in its file not at all, or more than once. */
export class NotOnePlace extends Error {
  override readonly name = 'NotOnePlace'
  readonly edit: Edit
  readonly places: number
  constructor(edit: Edit, places: number) {
    super(`${edit.file} has ${places} places with ${JSON.stringify(edit.from)}, not one`)
    this.edit = edit
    this.places = places
  }
}

/** The text with the edits made. */
export const edited = (text: string, edits: readonly Edit[]): string =>
  edits.reduce((before, edit) => {
    const places = before.split(edit.from).length - 1
    if (places !== 1) throw new NotOnePlace(edit, places)
    return before.replace(edit.from, () => edit.to)
  }, text)

/** Makes the edits in a copy of the checkout. */
export function plant(folder: string, edits: readonly Edit[]): void {
  for (const [file, own] of Map.groupBy(edits, ({ file }) => file)) {
    const path = join(folder, file)
    writeFileSync(path, edited(readFileSync(path, 'utf8'), own))
  }
}

/** Files under version control, and those that could be. */
function ownFiles(root: string): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' })
  const files = new Set(listed.split('\0').filter((file) => file !== ''))
  return [...files].filter((file) => existsSync(join(root, file)))
}

/** Copies the checkout as it is, uncommitted changes included; packages are linked, not copied. */
export function copyCheckout(root: string, folder: string): void {
  for (const file of ownFiles(root)) cpSync(join(root, file), join(folder, file))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}

/** A copy of such a copy, with what was compiled there. */
export const copyCopy = (from: string, to: string): void =>
  cpSync(from, to, { recursive: true, verbatimSymlinks: true })
