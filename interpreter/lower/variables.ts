import { advance, type Body } from './body.ts'
import { localDepth } from './control.ts'
import { at } from './lookup.ts'
import type { InstructionOf, Lowerings } from './lowering.ts'
import { constant, drop, globalGet, globalSet, localSet, localTee, push, select } from './words.ts'

/** Constants, variables, and what moves operands: one word each. */

type ConstOp = 'i32.const' | 'i64.const' | 'f32.const' | 'f64.const'

const lowerConstant = (body: Body, { value }: InstructionOf<ConstOp>): void => {
  advance(body, constant(value))
}

const lowerSelect = (body: Body): void => {
  advance(body, select())
}

const depthOf = ({ frame, height }: Body, local: number): number => localDepth(frame, local, height)

const leafOf = ({ scope }: Body, global: number): number => at(scope.globals, global, 'global')

export const VARIABLE_LOWERINGS = {
  'i32.const': lowerConstant,
  'i64.const': lowerConstant,
  'f32.const': lowerConstant,
  'f64.const': lowerConstant,
  drop: (body) => advance(body, drop()),
  select: lowerSelect,
  select_t: lowerSelect,
  'local.get': (body, { local }) => advance(body, push(depthOf(body, local))),
  'local.set': (body, { local }) => advance(body, localSet(depthOf(body, local))),
  'local.tee': (body, { local }) => advance(body, localTee(depthOf(body, local))),
  'global.get': (body, { global }) => advance(body, globalGet(leafOf(body, global))),
  'global.set': (body, { global }) => advance(body, globalSet(leafOf(body, global))),
} as const satisfies Lowerings<
  ConstOp | 'drop' | 'select' | 'select_t' | 'local.get' | 'local.set' | 'local.tee' | 'global.get' | 'global.set'
>
