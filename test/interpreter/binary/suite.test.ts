import { describe, expect, it } from 'vitest'
import { decodeModule, MalformedModule, UnsupportedFeature } from '../../../interpreter/binary/index.ts'
import { SUITE_MISSING, type SuiteBinary, suiteBinaries, suiteIsThere } from '../../helpers/wast-binaries.ts'

/** Suite files of binary modules, with the lines of the modules that use what is not supported. */
const FILES: Readonly<Record<string, readonly number[]>> = {
  binary: [366, 385, 453, 465, 477, 487, 493, 516, 536, 564, 592, 617, 679, 689, 763, 804, 851, 1113, 1201, 1375, 1385],
  'binary-leb128': [32, 969, 1015, 1024, 1043, 1052, 1061],
  custom: [122],
  align: [948, 967],
  global: [],
  'utf8-custom-section-id': [],
  'utf8-import-field': [],
  'utf8-import-module': [],
}

type Verdict = 'valid' | 'malformed' | 'unsupported'

const verdictOn = ({ bytes }: SuiteBinary): Verdict => {
  try {
    decodeModule(bytes)
    return 'valid'
  } catch (error) {
    if (error instanceof MalformedModule) return 'malformed'
    if (error instanceof UnsupportedFeature) return 'unsupported'
    throw error
  }
}

if (!suiteIsThere) console.warn(`skipped: ${SUITE_MISSING}`)

describe.skipIf(!suiteIsThere)('the official suite', () => {
  it.each(Object.entries(FILES))('%s.wast: every binary module is judged as the suite does', (file, unsupported) => {
    const binaries = suiteBinaries(file).filter(({ verdict }) => verdict !== 'invalid')
    expect(binaries.length).toBeGreaterThan(0)
    const judged = binaries.map((binary) => ({ line: binary.line, verdict: verdictOn(binary) }))
    const wanted = binaries.map(({ line, verdict }) => ({
      line,
      verdict: unsupported.includes(line) ? 'unsupported' : verdict,
    }))
    expect(judged).toEqual(wanted)
  })
})
