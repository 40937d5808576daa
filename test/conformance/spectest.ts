import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepare, type SuiteModule } from './prepare.ts'

/** The name under which scripts import what every host of the suite offers. */
export const SPECTEST = 'spectest'

/**
 * By kind of what it exports: only who wants the memory or the table shares it with others, and only a script that
 * imports the memory has one more.
 */
const PARTS = ['functions', 'globals', 'table', 'memory'] as const
const SHARED: readonly string[] = ['table', 'memory']

/** A module of the host, and whether those that import from it see what the others do to it. */
export interface SpectestPart {
  readonly name: string
  readonly module: SuiteModule
  readonly shared: boolean
}

function readPart(name: string): SpectestPart {
  const bytes = new Uint8Array(readFileSync(join(import.meta.dirname, 'spectest', `${name}.wat`)))
  const prepared = prepare({ name, form: 'text', bytes })
  if (prepared.kind === 'refused') throw new Error(`${name}.wat: ${prepared.reason}`)
  return { name: `${SPECTEST} ${name}`, module: prepared.module, shared: SHARED.includes(name) }
}

export const SPECTEST_PARTS: readonly SpectestPart[] = PARTS.map(readPart)

/** The part that exports a field, if there is one. */
export const spectestPart = (field: string): SpectestPart | undefined =>
  SPECTEST_PARTS.find(({ module }) => module.module.exports.some(({ name }) => name === field))
