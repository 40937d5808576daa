import { expect, it } from 'vitest'
import { lowerTask } from '../../../interpreter/index.ts'
import { recompileProgram } from '../../../interpreter/native/module.ts'
import { compiledOf, MOST_RESUME_BYTES } from '../../../interpreter/native/resumes.ts'
import { wasmOf } from '../../helpers/wat.ts'

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const CUSTOM_SECTION = [0x00, 0x80, 0x80, 0x80, 0x02, 0x00]
const CONTENT_BYTES = 2 ** 22

/** A module of a custom section. */
const large = (): Uint8Array<ArrayBuffer> => {
  const head = [...PREAMBLE, ...CUSTOM_SECTION]
  const bytes = new Uint8Array(head.length - 1 + CONTENT_BYTES)
  bytes.set(head)
  return bytes
}

it('modules of safe points are kept as long as they are not too many', () => {
  const program = lowerTask(wasmOf('(module (func (export "main")))'), { keepSources: true })
  const recompiled = { ...recompileProgram(program), resume: large }
  const site = [...recompiled.sites.values()][0]!
  const compiled = compiledOf(recompiled)
  const first = compiled.resume(0, site)
  expect(compiled.resume(0, site)).toBe(first)
  const room = Math.floor(MOST_RESUME_BYTES / first.bytes)
  for (let pc = 1; pc < room; pc++) compiled.resume(pc, site)
  expect(compiled.resume(0, site)).toBe(first)
  const last = compiled.resume(room, site)
  expect(compiled.resume(0, site)).not.toBe(first)
  expect(compiled.resume(room, site)).toBe(last)
})
