import type { Evidence } from '../evidence.ts'
import type { Tried } from '../rules/try.ts'

/** Something that must hold at the end. */
export interface Check {
  readonly name: string
  /** What it says, for people. */
  readonly says: string
  /** What speaks against it; empty where it holds. */
  readonly breaches: (evidence: Evidence, tried: readonly Tried[]) => readonly string[] | Promise<readonly string[]>
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? part.toString() : part))

/** Nothing where both are the same, else what differs. */
export function same(what: string, found: unknown, wanted: unknown): readonly string[] {
  const [has, wants] = [show(found), show(wanted)]
  return has === wants ? [] : [`${what}: is ${has}, should be ${wants}`]
}

/** Nothing where they differ. */
export const different = (what: string, a: unknown, b: unknown): readonly string[] =>
  show(a) === show(b) ? [`${what}: both are ${show(a)}`] : []
