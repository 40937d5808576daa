import type { Module } from '../binary/module.ts'
import type { Scope } from './body.ts'
import { type External, externalsOf, type FunctionCallee, type Imports } from './link.ts'
import { at, present } from './lookup.ts'

/** What the indices of a module stand for in the program. */
export type Places = Pick<Scope, 'callees' | 'globals' | 'tables' | 'memory' | 'elements' | 'data'>

/** A module as it was linked. */
export interface Instance {
  /** The name under which its functions stand in the program. */
  readonly name: string
  readonly module: Module
  readonly exports: ReadonlyMap<string, External>
  /** Entry pc of its start function; whoever makes the stub calls it. */
  readonly start: number | null
  readonly places: Places
}

/** The function of an index; a word of the machine, which only the runtime has, has no entry and no reference. */
export const functionAt = ({ callees }: Places, index: number): FunctionCallee => {
  const callee = at(callees, index, 'function')
  if (callee.kind === 'intrinsic') throw new RangeError(`function ${index} is a word of the machine`)
  return callee
}

/** By name. What was imported keeps its identity. */
export const exportsOf = (module: Module, imports: Imports, places: Places): Map<string, External> => {
  const globalTypes = [...externalsOf(imports, 'global').map(({ type }) => type), ...module.globals]
  const externalOf = (kind: External['kind'], index: number): External => {
    switch (kind) {
      case 'function':
        return { kind, callee: functionAt(places, index) }
      case 'global': {
        const { type, mutable } = at(globalTypes, index, 'global')
        return { kind, type: { type, mutable }, leaf: at(places.globals, index, 'global') }
      }
      case 'table':
        return { kind, place: at(places.tables, index, 'table') }
      case 'memory':
        return { kind, place: present(places.memory, 'memory') }
    }
  }
  return new Map(module.exports.map(({ name, kind, index }) => [name, externalOf(kind, index)]))
}
