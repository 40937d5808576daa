import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeModule, InvalidModule, MalformedModule, UnsupportedFeature } from '../../../interpreter/binary/index.ts'
import { outOfScope, SUITE, suiteFiles, suiteIsThere, suiteMissing } from '../../conformance/suite.ts'
import { type Command, type ModuleSource, readScript } from '../../conformance/wast/script.ts'
import { wasmOf } from '../../helpers/wat.ts'

type Verdict = 'valid' | 'malformed' | 'unsupported' | 'invalid'

const verdictOn = (bytes: Uint8Array): Verdict => {
  try {
    decodeModule(bytes)
    return 'valid'
  } catch (error) {
    if (error instanceof MalformedModule) return 'malformed'
    if (error instanceof UnsupportedFeature) return 'unsupported'
    if (error instanceof InvalidModule) return 'invalid'
    throw error
  }
}

interface Judged {
  readonly source: ModuleSource
  readonly wanted: 'valid' | 'malformed' | 'invalid'
}

/** The module of a command and what the suite says of it. */
const judgedIn = (command: Command): Judged | null => {
  switch (command.kind) {
    case 'module':
    case 'assert_unlinkable':
      return { source: command.module, wanted: 'valid' }
    case 'assert_trap':
      return 'form' in command.subject ? { source: command.subject, wanted: 'valid' } : null
    case 'assert_malformed':
      return { source: command.module, wanted: 'malformed' }
    case 'assert_invalid':
      return { source: command.module, wanted: 'invalid' }
    default:
      return null
  }
}

/** Malformed text has no binary. */
const binaryOf = ({ source, wanted }: Judged): Uint8Array | null => {
  if (source.form === 'binary') return source.bytes
  try {
    return wasmOf(source.bytes)
  } catch (error) {
    if (wanted === 'malformed') return null
    throw error
  }
}

/** Lines of malformed binaries whose bytes have a meaning in a newer version, by whose name they are refused. */
const NEWER: Readonly<Record<string, readonly number[]>> = {
  align: [948, 967],
  binary: [679, 689, 804, 851],
}

/** What is wrong with a text module may be a feature of a newer version, or be found by the binary format already. */
const agrees = (verdict: Verdict, { source, wanted }: Judged, newer: boolean): boolean => {
  if (wanted === 'valid') return verdict === 'valid'
  if (source.form === 'binary') return verdict === (newer ? 'unsupported' : wanted)
  return verdict !== 'valid'
}

if (!suiteIsThere) console.warn(`skipped: ${suiteMissing()}`)

const files = suiteIsThere ? suiteFiles(SUITE).filter((name) => outOfScope(name) === null) : []

describe.skipIf(!suiteIsThere)('the official suite', () => {
  it.each(files)('%s.wast: every module is taken or refused as the suite wants it', (file) => {
    const wrong: string[] = []
    let judged = 0
    for (const command of readScript(readFileSync(join(SUITE, `${file}.wast`)))) {
      const module = judgedIn(command)
      if (module === null) continue
      judged++
      const bytes = binaryOf(module)
      const verdict = bytes === null ? 'malformed' : verdictOn(bytes)
      const newer = NEWER[file]?.includes(command.line) ?? false
      if (!agrees(verdict, module, newer)) wrong.push(`line ${command.line}: ${verdict}, not ${module.wanted}`)
    }
    expect(wrong).toEqual([])
    expect(judged).toBeGreaterThan(0)
  })
})
