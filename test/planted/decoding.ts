import type { PlantedBug } from './bug.ts'

const binary = (file: string) => `interpreter/binary/${file}.ts`
const shown = (file: string, name: string) => ({ file: `test/interpreter/binary/${file}.test.ts`, name })

export const DECODING: readonly PlantedBug[] = [
  {
    id: 'overlong-number',
    what: 'A number of 32 bits may have bits above them, or a sixth byte',
    edits: [
      {
        file: binary('reader'),
        from: 'if (rest < BITS_PER_BYTE && byte >> rest !== 0)',
        to: 'if (rest < -32 && byte >> rest !== 0)',
      },
    ],
    tests: [shown('leb128', 'readU32')],
  },
  {
    id: 'unrepeated-sign',
    what: 'The last byte of a signed number may have any bits above the number',
    edits: [
      {
        file: binary('reader'),
        from: 'return signAndAbove === 0 || signAndAbove === 0x7f >> (bits - 1)',
        to: 'return signAndAbove >= 0',
      },
    ],
    tests: [shown('leb128', 'readSigned')],
  },
  {
    id: 'own-global-in-an-initialiser',
    what: 'An initialiser may read a global of its own module, as later versions allow',
    edits: [
      { file: binary('expression'), from: 'value.global >= importedGlobals', to: 'value.global < 0 * importedGlobals' },
    ],
    tests: [shown('unsupported', 'an own global in an initialiser')],
  },
  {
    id: 'arithmetic-in-an-initialiser',
    what: 'Arithmetic in an initialiser is told as a mistake of the module, not as a feature',
    edits: [
      {
        file: binary('expression'),
        from: 'if (EXTENDED.has(op)) throw',
        to: 'if (EXTENDED.has(op) && offset < 0) throw',
      },
    ],
    tests: [shown('unsupported', 'arithmetic in an initialiser')],
  },
  {
    id: 'second-memory-by-index',
    what: 'memory.grow of memory 1 is taken for one of memory 0',
    edits: [
      {
        file: binary('read-instruction'),
        from: "if (byte !== 0) throw malformed(reader, offset, 'a zero byte', hexByte(byte))",
        to: 'if (byte > 1) throw malformed(reader, offset, hexByte(byte), hexByte(byte))',
      },
    ],
    tests: [shown('malformed', 'memory.grow of another memory')],
  },
  {
    id: 'section-twice',
    what: 'A section may come twice',
    edits: [{ file: binary('sections'), from: '<= ORDER.indexOf(last)', to: '< ORDER.indexOf(last)' }],
    tests: [shown('malformed', 'a section twice')],
  },
  {
    id: 'rest-of-a-section',
    what: 'Bytes behind the contents of a section are ignored',
    edits: [{ file: binary('reader'), from: 'if (left > 0) throw', to: 'if (left > 99) throw' }],
    tests: [shown('malformed', 'a section longer than its contents')],
  },
  {
    id: 'broken-utf-8',
    what: 'A name that is not UTF-8 is repaired',
    edits: [
      { file: binary('reader'), from: '{ fatal: true, ignoreBOM: true }', to: '{ fatal: false, ignoreBOM: true }' },
    ],
    tests: [shown('malformed', 'a name that is not UTF-8')],
  },
  {
    id: 'data-count',
    what: 'The number of data segments may differ from the one that was announced',
    edits: [{ file: binary('segments'), from: 'segments.length !== count', to: 'segments.length > count + 1' }],
    tests: [shown('malformed', 'data')],
  },
  {
    id: 'float-constant-order',
    what: 'The bytes of a float constant are taken in big-endian order',
    edits: [
      {
        file: binary('reader'),
        from: 'readBytes(reader, length, expected).reduceRight(',
        to: 'readBytes(reader, length, expected).reduce(',
      },
    ],
    tests: [shown('instruction', 'f64.const')],
  },
  {
    id: 'second-else',
    what: 'An if may have two else',
    edits: [{ file: binary('expression'), from: "open.push('else')", to: "open.push('if')" }],
    tests: [shown('malformed', 'a second else')],
  },
]
