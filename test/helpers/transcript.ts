import type { Checkout } from './checkout.ts'

/** Documents that show commands and what they print: `$ command` lines in `console` blocks, each followed by its output. */

/** A block of source text whose first line is a comment that begins with the name of its file. */
const SOURCE = /^```(?:js|ts|wat)\n((?:\/\/|;;) ([\w.-]+):[\s\S]*?)^```$/gm
/** A block of commands without what they print. */
const SHELL = /^```sh\n([\s\S]*?)^```$/gm
const BLOCK = /(?<=^```console\n)[\s\S]*?(?=^```$)/gm
const COMMAND = /^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm
/** What differs from run to run. */
const VOLATILE = / \([\d.]+[kMGT]? steps\/s, [\d.]+ s\)|"seconds": [\d.]+/g

/** What differs from chain to chain: ids, transactions and times. */
const ON_CHAIN = /0x[0-9a-f]{64}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g
/** A command that looks at a chain. */
const LOOKS_AT_CHAIN = / --rpc /

/** The commands of a document, in order. */
export const commandsOf = (document: string): string[] =>
  [...document.matchAll(BLOCK)].flatMap(([block]) => [...block.matchAll(COMMAND)].map(([, command]) => command ?? ''))

/** The source files that a document shows. */
export const filesOf = (document: string): { name: string; text: string }[] =>
  [...document.matchAll(SOURCE)].map(([, text = '', name = '']) => ({ name, text }))

/** What a line of a source prints, by its comment. */
const PRINTED = /^console\.log.* \/\/ (.*)$/gm

/** Runs the first file that a document shows, in a checkout; gives what it prints, and what the document says it does. */
export const runSource = (document: string, place: Checkout): { printed: string[]; told: (string | undefined)[] } => {
  const [file] = filesOf(document)
  const text = (file?.text ?? '').replace("'substep'", "'./index.ts'").replace('node_modules/substep/', '')
  place.write(file?.name ?? '', text)
  const told = [...text.matchAll(PRINTED)].map(([, line]) => line)
  return { printed: place.output(`node ${file?.name}`).trimEnd().split('\n'), told }
}

/** The commands of a document that are shown without what they print. */
export const shellLinesOf = (document: string): string[] =>
  [...document.matchAll(SHELL)].flatMap(([, block = '']) => block.trimEnd().split('\n'))

/** The files that a document links to, as it names them. */
export const linksOf = (document: string): string[] =>
  [...document.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = '']) => link).filter((link) => !/^https?:/.test(link))

/**
 * The document with what its commands print now. Times that were in it stay, and so do the ids of what is on a chain, in
 * later commands too.
 */
export function rerun(document: string, run: (command: string) => string): string {
  const told: Told = { now: new Map(), documented: new Map() }
  const rerunCommand = (_: string, command: string, before: string) => {
    const after = keep(VOLATILE, before, run(command.replace(ON_CHAIN, (id) => told.now.get(id) ?? id)))
    return `$ ${command}\n${LOOKS_AT_CHAIN.test(command) ? keep(ON_CHAIN, before, after, told) : after}`
  }
  return document.replace(BLOCK, (block) => block.replace(COMMAND, rerunCommand))
}

/** What the document says, and what stands for it now. */
interface Told {
  readonly now: Map<string, string>
  readonly documented: Map<string, string>
}

/** What is printed now, with that of the document in place of what differs. */
function keep(volatile: RegExp, before: string, after: string, told?: Told): string {
  const old = before.match(volatile) ?? []
  let next = 0
  return after.replace(volatile, (now) => {
    const kept = old[next++] ?? told?.documented.get(now) ?? now
    told?.now.set(kept, now)
    told?.documented.set(now, kept)
    return kept
  })
}
