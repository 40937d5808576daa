import type { DisputedEvidence, Evidence } from '../evidence.ts'
import type { Tried } from '../rules/try.ts'

type Breaches = readonly string[]

/** Something that must hold at the end of an act. */
export interface Check<E extends Evidence = Evidence> {
  readonly name: string
  /** What it says, for people. */
  readonly says: string
  /** What speaks against it; empty where it holds. */
  readonly breaches: (evidence: E, tried: readonly Tried[]) => Breaches | Promise<Breaches>
}

/** Something that must hold at the end of a dispute. */
export type DisputeCheck = Check<DisputedEvidence>

const show = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? part.toString() : part))

/** Nothing where both are the same, else what differs. */
export function same(what: string, found: unknown, wanted: unknown): Breaches {
  const [has, wants] = [show(found), show(wanted)]
  return has === wants ? [] : [`${what}: is ${has}, should be ${wants}`]
}

/** The same, field by field, for all that `wanted` has. */
export const sameFields = (what: string, found: object, wanted: object): Breaches =>
  Object.entries(wanted).flatMap(([name, value]) => same(`${what}, ${name}`, Reflect.get(found, name), value))

/** Nothing where they differ. */
export const different = (what: string, a: unknown, b: unknown): Breaches =>
  show(a) === show(b) ? [`${what}: both are ${show(a)}`] : []
