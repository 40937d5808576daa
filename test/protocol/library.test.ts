import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { programHeader } from '../../interpreter/index.ts'
import { createLibrary } from '../../protocol/library.ts'

const moduleOf = (name: string) => new Uint8Array(readFileSync(`wasm-tasks/build/${name}.wasm`))

describe('createLibrary', () => {
  it('gives a program by its id, the same as long as it is kept', () => {
    const library = createLibrary()
    const ids = ['sort', 'sha256', 'sudoku'].map((name) => library.add(moduleOf(name)))
    expect(library.ids).toEqual(ids)
    const programs = ids.map((id) => library.program(id))
    expect(programs.map((program) => programHeader(program).programId)).toEqual(ids)
    expect(ids.map((id) => library.program(id)).every((program, i) => program === programs[i])).toBe(true)
  })

  it('keeps what fits into the bytes that it may keep, the last used first', () => {
    const [sort, sha256] = [moduleOf('sort'), moduleOf('sha256')]
    const whole = createLibrary()
    const room = whole.program(whole.add(sha256)).code.length + 1024
    const library = createLibrary(room)
    const [first, second] = [library.add(sort), library.add(sha256)]
    const kept = library.program(second)
    expect(library.program(second)).toBe(kept)
    expect(programHeader(library.program(first)).programId).toBe(first)
    expect(library.program(second)).not.toBe(kept)
  })

  it('keeps the last program though it is larger than what may be kept', () => {
    const library = createLibrary(1)
    const id = library.add(moduleOf('sort'))
    expect(library.program(id)).toBe(library.program(id))
  })
})
