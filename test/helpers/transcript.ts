/** Documents that show commands and what they print: `$ command` lines in `console` blocks, each followed by its output. */

/** A block of source text whose first line is a comment that begins with the name of its file. */
const SOURCE = /^```(?:js|ts|wat)\n((?:\/\/|;;) ([\w.-]+):[\s\S]*?)^```$/gm
/** A block of commands without what they print. */
const SHELL = /^```sh\n([\s\S]*?)^```$/gm
const BLOCK = /(?<=^```console\n)[\s\S]*?(?=^```$)/gm
const COMMAND = /^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm
/** What differs from run to run. */
const VOLATILE = / \([\d.]+[kMGT]? steps\/s, [\d.]+ s\)|"seconds": [\d.]+/g

/** The commands of a document, in order. */
export const commandsOf = (document: string): string[] =>
  [...document.matchAll(BLOCK)].flatMap(([block]) => [...block.matchAll(COMMAND)].map(([, command]) => command ?? ''))

/** The source files that a document shows. */
export const filesOf = (document: string): { name: string; text: string }[] =>
  [...document.matchAll(SOURCE)].map(([, text = '', name = '']) => ({ name, text }))

/** The commands of a document that are shown without what they print. */
export const shellLinesOf = (document: string): string[] =>
  [...document.matchAll(SHELL)].flatMap(([, block = '']) => block.trimEnd().split('\n'))

/** The files that a document links to, as it names them. */
export const linksOf = (document: string): string[] =>
  [...document.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = '']) => link).filter((link) => !/^https?:/.test(link))

/** The document with what its commands print now. Times that were in it stay. */
export function rerun(document: string, run: (command: string) => string): string {
  const rerunCommand = (_: string, command: string, before: string) =>
    `$ ${command}\n${keepTimes(before, run(command))}`
  return document.replace(BLOCK, (block) => block.replace(COMMAND, rerunCommand))
}

function keepTimes(before: string, after: string): string {
  const times = before.match(VOLATILE)
  if (times === null) return after
  let next = 0
  return after.replace(VOLATILE, (now) => times[next++] ?? now)
}
