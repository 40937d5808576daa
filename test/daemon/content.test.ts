import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Content, type ContentOptions, createContent } from '../../daemon/content.ts'
import type { Fields } from '../../daemon/index.ts'
import { byteTreeRoot, lowerTask, programHeader, toHex } from '../../interpreter/index.ts'
import type { ModuleSources } from '../../protocol/index.ts'
import { ROOT } from '../helpers/command.ts'
import { identify } from '../helpers/identify.ts'

const wasmOf = (name: string) => new Uint8Array(readFileSync(join(ROOT, 'wasm-tasks', 'build', `${name}.wasm`)))
const SORT = wasmOf('sort')
const SHA256 = wasmOf('sha256')
const { programId: ID } = programHeader(lowerTask(SORT))
const INPUT = new TextEncoder().encode('abc')
const INPUT_ROOT = toHex(byteTreeRoot(INPUT))
const TASK = toHex(new Uint8Array(32).fill(7))
const PUBLISHER = '0x00000000000000000000000000000000000000AA'

let folder: string
let refused: Fields[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'substep-content-'))
  refused = []
})
afterEach(() => rmSync(folder, { recursive: true }))

function open(changes: Partial<ContentOptions> = {}): Content {
  const readModule = async () => told()
  return createContent({
    folder,
    readModule,
    identify,
    readUris: async () => [],
    schemes: [],
    log: (_, __, fields = {}) => refused.push(fields),
    ...changes,
  })
}

function put(kind: string, name: string, bytes: Uint8Array): string {
  mkdirSync(join(folder, kind), { recursive: true })
  writeFileSync(join(folder, kind, name), bytes)
  return join(folder, kind, name)
}

/** What a content says once nothing is being sought. */
async function atRest<T>(content: Content, ask: () => T): Promise<T> {
  ask()
  await content.atRest()
  return ask()
}

/** What the registry tells: modules in pieces, and places. */
const told = (modules: readonly Uint8Array[] = [], uris: readonly string[] = []): ModuleSources => ({
  candidates: modules.map((module) => ({ publisher: PUBLISHER, module })),
  uris: uris.map((uri) => ({ publisher: PUBLISHER, uri })),
})

describe('the modules of createContent', () => {
  it('are found in the folder under any name', async () => {
    put('programs', 'a-hash.wasm', SHA256)
    put('programs', 'my sorter.wasm', SORT)
    const content = open()
    expect(content.module(ID)).toMatchObject({ lacks: 'programSought' })
    expect(await atRest(content, () => content.module(ID))).toEqual(SORT)
    expect(refused).toEqual([])
  })

  it('are what they lower to, whatever their name says', async () => {
    put('programs', `${ID}.wasm`, SHA256)
    const content = open()
    expect(await atRest(content, () => content.module(ID))).toMatchObject({ lacks: 'programMissing' })
  })

  it('come from the chain where the folder has none, and are kept', async () => {
    const content = open({ readModule: async () => told([SORT]) })
    expect(await atRest(content, () => content.module(ID))).toEqual(SORT)
    expect(readdirSync(join(folder, 'programs'))).toEqual([`${ID}.wasm`])
    const later = open()
    expect(await atRest(later, () => later.module(ID))).toEqual(SORT)
  })

  it('are refused where they lower to another program or to none, and sought with the next publisher', async () => {
    const content = open({ readModule: async () => told([SHA256, INPUT, SORT]) })
    expect(await atRest(content, () => content.module(ID))).toEqual(SORT)
    expect(refused).toMatchObject([
      { kind: 'program', id: ID, source: `pieces of ${PUBLISHER}`, reason: 'otherProgram' },
      { kind: 'program', id: ID, source: `pieces of ${PUBLISHER}`, reason: 'notAProgram' },
    ])
  })

  it('come from URIs of the schemes that are allowed', async () => {
    const uri = pathToFileURL(put('elsewhere', 'sort.wasm', SORT)).href
    const readModule = async () => told([], [uri])
    const content = open({ readModule })
    expect(await atRest(content, () => content.module(ID))).toMatchObject({ lacks: 'programMissing' })
    expect(refused).toMatchObject([{ source: uri, reason: 'uriNotAllowed' }])
    const allowing = open({ readModule, schemes: ['file'] })
    expect(await atRest(allowing, () => allowing.module(ID))).toEqual(SORT)
  })

  it('are missing with the reason where the chain cannot be asked', async () => {
    const content = open({ readModule: () => Promise.reject(new Error('no node')) })
    const found = await atRest(content, () => content.module(ID))
    expect(found).toEqual({ lacks: 'programMissing', message: 'no node' })
  })

  it('are sought again later, ever more rarely, and missing meanwhile', async () => {
    let [now, asked] = [0, 0]
    const readModule = async () => told(++asked < 3 ? [] : [SORT])
    const content = open({ readModule, clock: () => now })
    const look = () => atRest(content, () => content.module(ID))
    for (const seconds of [0, 4, 5, 6, 14]) {
      now = seconds * 1000
      expect(await look()).toMatchObject({ lacks: 'programMissing' })
    }
    expect(asked).toBe(2)
    now = 15_000
    expect(await look()).toEqual(SORT)
    await look()
    expect(asked).toBe(3)
  })

  it('are not kept where there is no folder', async () => {
    const content = open({ folder: undefined, readModule: async () => told([SORT]) })
    expect(await atRest(content, () => content.module(ID))).toEqual(SORT)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('the inputs of createContent', () => {
  it('are found in the folder by their root', async () => {
    put('inputs', INPUT_ROOT, INPUT)
    const content = open()
    expect(content.input(INPUT_ROOT, TASK)).toMatchObject({ lacks: 'inputSought' })
    expect(await atRest(content, () => content.input(INPUT_ROOT, TASK))).toEqual(INPUT)
  })

  it('are not taken from the folder where their root is another', async () => {
    put('inputs', INPUT_ROOT, SORT)
    const content = open()
    expect(await atRest(content, () => content.input(INPUT_ROOT, TASK))).toMatchObject({ lacks: 'inputMissing' })
    expect(refused).toMatchObject([{ kind: 'input', id: INPUT_ROOT, source: 'folder', reason: 'otherInput' }])
  })

  it('come from the first URI that has them, and are kept', async () => {
    const uris = [
      pathToFileURL(put('elsewhere', 'wrong', SORT)).href,
      pathToFileURL(put('elsewhere', 'right', INPUT)).href,
    ]
    const content = open({ schemes: ['file'], readUris: async (task) => (task === TASK ? uris : []) })
    expect(await atRest(content, () => content.input(INPUT_ROOT, TASK))).toEqual(INPUT)
    expect(refused).toMatchObject([{ source: uris[0], reason: 'otherInput' }])
    expect(readdirSync(join(folder, 'inputs'))).toEqual([INPUT_ROOT])
  })

  it('are read anew after they were dropped', async () => {
    put('inputs', INPUT_ROOT, INPUT)
    const content = open()
    await atRest(content, () => content.input(INPUT_ROOT, TASK))
    expect(content.held(INPUT_ROOT)).toEqual(INPUT)
    content.retain(new Set([INPUT_ROOT]))
    expect(content.held(INPUT_ROOT)).toEqual(INPUT)
    content.retain(new Set())
    expect(content.held(INPUT_ROOT)).toBe(undefined)
    expect(content.input(INPUT_ROOT, TASK)).toMatchObject({ lacks: 'inputSought' })
  })
})
