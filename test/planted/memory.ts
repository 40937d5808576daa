import type { PlantedBug } from './bug.ts'

const SOLIDITY = 'contracts/machine/Memory.sol'
const TYPESCRIPT = 'interpreter/machine/memory.ts'
const FAST = 'interpreter/machine/run.ts'

const twins = (name: string) => ({ file: 'test/differential/substeps.test.ts', name })
const boundaries = (name: string) => ({ file: 'test/differential/boundaries.test.ts', name })
const checks = (name: string) => ({ file: 'test/differential/check-order.test.ts', name })
/** Typed by hand. */
const byHand = (name: string) => ({ file: 'test/interpreter/machine/memory.test.ts', name })

export const MEMORY: readonly PlantedBug[] = [
  {
    id: 'access-across-leaves',
    what: 'Both sides: an access never reaches into a second leaf',
    edits: [
      {
        file: SOLIDITY,
        from: 'return isBytes(regionOf(word)) && (effectiveAddress(word, a) % LEAF_BYTES) + widthOf(word) > LEAF_BYTES;',
        to: 'return false;',
      },
      { file: TYPESCRIPT, from: '(effectiveAddress(word, a) & 31n) + widthOf(word.access) > 32n', to: 'false' },
    ],
    tests: [boundaries('takes its upper half from the second leaf')],
  },
  {
    id: 'load-second-leaf-place',
    what: 'The bytes of the second leaf are put in the place of the first',
    edits: [
      {
        file: SOLIDITY,
        from: 'return _read(leaf, 0, widthOf(word) - first) << (8 * first);',
        to: 'return _read(leaf, 0, widthOf(word) - first);',
      },
    ],
    tests: [boundaries('takes its upper half from the second leaf')],
  },
  {
    id: 'store-second-leaf-bytes',
    what: 'A store across leaves writes its low bytes twice',
    edits: [
      {
        file: TYPESCRIPT,
        from: 'widthOf(word.access) - first, r >> (8n * first))',
        to: 'widthOf(word.access) - first, r)',
      },
    ],
    tests: [boundaries('puts its upper half into the second leaf')],
  },
  {
    id: 'store-neighbours',
    what: 'A store clears the rest of its leaf',
    edits: [{ file: SOLIDITY, from: 'return (leaf & ~(top >> (8 * offset))) |', to: 'return (0 * leaf) |' }],
    tests: [boundaries('puts its upper half into the second leaf')],
  },
  {
    id: 'byte-order',
    what: 'Bytes of a load are taken in big-endian order',
    edits: [
      {
        file: SOLIDITY,
        from: 'return Bits.reverseBytes((leaf << (8 * offset)) & _top(count));',
        to: 'return ((leaf << (8 * offset)) & _top(count)) >> (256 - 8 * count);',
      },
    ],
    tests: [boundaries('takes its upper half from the second leaf')],
  },
  {
    id: 'bounds-wrap-around',
    what: 'Both sides: base and offset are added modulo 2^32',
    edits: [
      { file: SOLIDITY, from: 'return a + Word.immLo(word);', to: 'return uint32(a + Word.immLo(word));' },
      {
        file: TYPESCRIPT,
        from: '): bigint => a + BigInt(word.immLo)',
        to: '): bigint => BigInt.asUintN(32, a + BigInt(word.immLo))',
      },
    ],
    tests: [byHand('end with the pages of memory')],
  },
  {
    id: 'bounds-wrap-around-fast',
    what: 'The fast run adds base and offset modulo 2^32',
    edits: [
      {
        file: FAST,
        from: '// store 8\n        const at = (slots[p - 4]! >>> 0) + (low[pc]! >>> 0)',
        to: 'const at = ((slots[p - 4]! >>> 0) + (low[pc]! >>> 0)) >>> 0',
      },
    ],
    tests: [{ file: 'test/interpreter/lower/run.test.ts', name: 'an address that does not wrap around' }],
  },
  {
    id: 'bounds-without-width',
    what: 'Both sides: only the first byte of an access is compared with the end of memory',
    edits: [
      { file: SOLIDITY, from: 'ea + widthOf(word) > _byteLimit(word, pages)', to: 'ea + 1 > _byteLimit(word, pages)' },
      {
        file: TYPESCRIPT,
        from: 'ea + widthOf(access) > byteLimit(unit, pages)',
        to: 'ea + 1n > byteLimit(unit, pages)',
      },
    ],
    tests: [boundaries('MEMORY ends with its pages')],
  },
  {
    id: 'bounds-off-by-one',
    what: 'The last byte of memory cannot be reached',
    edits: [
      {
        file: SOLIDITY,
        from: 'ea + widthOf(word) > _byteLimit(word, pages)',
        to: 'ea + widthOf(word) >= _byteLimit(word, pages)',
      },
    ],
    tests: [boundaries('MEMORY ends with its pages')],
  },
  {
    id: 'bounds-beyond-4-gib',
    what: 'More pages than 65,536 make a memory of more than 2^32 bytes',
    edits: [
      { file: SOLIDITY, from: 'return (pages < Spec.MAX_PAGES ? pages : Spec.MAX_PAGES) <<', to: 'return pages <<' },
    ],
    tests: [twins('MEMORY: load')],
  },
  {
    id: 'window-bounded-by-pages',
    what: 'Both sides: a second memory ends with the pages of the first',
    edits: [
      {
        file: SOLIDITY,
        from: '!= Spec.REGION_MEMORY || window)',
        to: '!= Spec.REGION_MEMORY || (window && pages > 65_536))',
      },
      { file: TYPESCRIPT, from: '!== REGION.MEMORY || (unit & UNIT.WINDOW) !== 0)', to: '!== REGION.MEMORY)' },
    ],
    tests: [boundaries('WINDOW goes beyond them')],
  },
  {
    id: 'load-without-sign',
    what: 'Both sides: signed loads fill with zeros',
    edits: [
      {
        file: SOLIDITY,
        from: 'return extension == Spec.EXTENSION_SIGN32 ? uint32(extended) : uint64(extended);',
        to: 'return 0 * extended + r;',
      },
      {
        file: TYPESCRIPT,
        from: 'return BigInt.asUintN(extension === EXTENSION.SIGN32 ? 32 : 64, BigInt.asIntN(bits, r))',
        to: 'return BigInt.asUintN(bits, r)',
      },
    ],
    tests: [byHand('sign to 32 bits')],
  },
  {
    id: 'load-sign-width',
    what: 'A load with the sign to 32 bits fills all 64',
    edits: [
      {
        file: SOLIDITY,
        from: 'extension == Spec.EXTENSION_SIGN32 ? uint32(extended) : uint64(extended)',
        to: 'uint64(extended)',
      },
    ],
    tests: [twins('MEMORY: load')],
  },
  {
    id: 'load-sign-width-fast',
    what: 'In the fast run i64.load8_s leaves the upper half as it was',
    edits: [
      {
        file: FAST,
        from: 'slots[p - 2] = view.getInt8(at)\n        slots[p - 1] = slots[p - 2]! >> 31',
        to: 'slots[p - 2] = view.getInt8(at)',
      },
    ],
    tests: [{ file: 'test/interpreter/lower/run.test.ts', name: 'every load and store, across a leaf of the tree' }],
  },
  {
    id: 'absent-entry-is-null',
    what: 'Both sides: an absent table entry is taken for null',
    edits: [
      { file: SOLIDITY, from: 'return (leaf >= PRESENT, uint64(leaf));', to: 'return (leaf >= 0, uint64(leaf));' },
      { file: TYPESCRIPT, from: 'leaf < PRESENT ? undefined', to: 'leaf < 0n ? undefined' },
    ],
    tests: [checks('absent alone sets its trap')],
  },
  {
    id: 'stored-entry-absent',
    what: 'Both sides: table.set leaves an entry that counts as absent',
    edits: [
      { file: SOLIDITY, from: 'return PRESENT | uint64(r);', to: 'return uint64(r);' },
      { file: TYPESCRIPT, from: '=> PRESENT | BigInt.asUintN(64, r)', to: '=> BigInt.asUintN(64, r)' },
    ],
    tests: [byHand('are present where bit 64 says so')],
  },
  {
    id: 'table-capacity',
    what: 'An index behind the capacity of a table reads the next table',
    edits: [
      {
        file: SOLIDITY,
        from: 'bool outside = a >> (Word.access(word) & Spec.TABLE_CAPACITY_MASK) != 0;',
        to: 'bool outside = false;',
      },
    ],
    tests: [checks('table alone sets its trap')],
  },
  {
    id: 'table-capacity-everywhere',
    what: 'Both sides: an index behind the capacity of a table reads the next table',
    edits: [
      {
        file: SOLIDITY,
        from: 'bool outside = a >> (Word.access(word) & Spec.TABLE_CAPACITY_MASK) != 0;',
        to: 'bool outside = false;',
      },
      { file: TYPESCRIPT, from: 'a >= capacity || ea >= end', to: 'ea >= end' },
    ],
    tests: [checks('table alone sets its trap')],
  },
  {
    id: 'global-index-wraps',
    what: 'Both sides: an index behind the last global counts from the first again',
    edits: [
      { file: SOLIDITY, from: 'return beyond ? Spec.TRAP_ILLEGAL : Spec.TRAP_NONE;', to: 'return Spec.TRAP_NONE;' },
      { file: TYPESCRIPT, from: 'return ea >= end ? TRAP.ILLEGAL : TRAP.NONE', to: 'return TRAP.NONE' },
    ],
    tests: [checks('globals alone sets its trap')],
  },
  {
    id: 'read-only-region-written',
    what: 'Both sides: the input can be written',
    edits: [
      {
        file: SOLIDITY,
        from: 'if (unit & Spec.UNIT_STORE != 0 && !isStore(word)) return Spec.TRAP_ILLEGAL;',
        to: '',
      },
      { file: TYPESCRIPT, from: '|| ((unit & UNIT.STORE) !== 0 && !region.store)', to: '' },
    ],
    tests: [checks('region alone sets its trap')],
  },
  {
    id: 'grow-limit',
    what: 'Both sides: memory.grow stops one page short of its limit',
    edits: [
      { file: 'contracts/machine/Alu.sol', from: 'bool refused = grown > (', to: 'bool refused = grown >= (' },
      {
        file: 'interpreter/machine/alu.ts',
        from: 'const refused = grown > BigInt(',
        to: 'const refused = grown >= BigInt(',
      },
    ],
    tests: [boundaries('GROW adds pages up to immLo')],
  },
  {
    id: 'grow-result',
    what: 'Both sides: memory.grow gives the new number of pages',
    edits: [
      {
        file: 'contracts/machine/Alu.sol',
        from: '(type(uint32).max, pages) : (pages, grown)',
        to: '(type(uint32).max, pages) : (grown, grown)',
      },
      {
        file: 'interpreter/machine/alu.ts',
        from: 'r: refused ? MINUS_ONE_32 : pages',
        to: 'r: refused ? MINUS_ONE_32 : grown',
      },
    ],
    tests: [boundaries('GROW adds pages up to immLo')],
  },
  {
    id: 'grow-although-refused',
    what: 'A memory.grow that gives -1 grows all the same',
    edits: [
      {
        file: 'contracts/machine/Alu.sol',
        from: '(type(uint32).max, pages) : (pages, grown)',
        to: '(type(uint32).max, grown) : (pages, grown)',
      },
    ],
    tests: [boundaries('GROW adds pages up to immLo')],
  },
]
