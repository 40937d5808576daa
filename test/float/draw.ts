import { writeFileSync } from 'node:fs'
import { drawFloatSample, floatFolder, readFloatFiles } from '../helpers/float-vectors.ts'

/** Writes sample.txt anew: `SUBSTEP_TEST_DATA=... node test/float/draw.ts`. */

const VECTORS = 5000

const folder = floatFolder()
if (folder === undefined) throw new Error('SUBSTEP_TEST_DATA names no folder to draw from')
const heading = 'Vectors of Berkeley TestFloat and SoftFloat, drawn evenly from every file by test/float/draw.ts'
const sections = drawFloatSample(readFloatFiles(folder), VECTORS).map(({ name, lines }) =>
  [`# ${name}`, ...lines].join('\n'),
)
writeFileSync(new URL('sample.txt', import.meta.url), `${[heading, ...sections].join('\n')}\n`)
