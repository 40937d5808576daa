import type { PlantedBug } from './bug.ts'

const MEMORY = 'interpreter/host/assembly/memory.ts'
const TABLES = 'interpreter/host/assembly/tables.ts'
const RANGES = 'interpreter/host/assembly/ranges.ts'
const TASK_ABI = 'interpreter/host/assembly/task-abi.ts'

/** Runs in V8, memory compared byte for byte. */
const engine = (name: string) => ({ file: 'test/interpreter/lower/run-bulk.test.ts', name })

export const BULK: readonly PlantedBug[] = [
  {
    id: 'copy-direction',
    what: 'memory.copy onto the end of its own source reads what it has written',
    edits: [
      {
        file: MEMORY,
        from: 'if (to - from < count) copyDown(to, from, count)',
        to: 'if (from - to < count) copyDown(to, from, count)',
      },
    ],
    tests: [engine('memory.copy up by 1')],
  },
  {
    id: 'copy-unchecked-source',
    what: 'memory.copy from behind the end writes before it traps',
    edits: [{ file: MEMORY, from: 'requireMemory(from, count)', to: '' }],
    tests: [engine('traps and writes nothing')],
  },
  {
    id: 'fill-checked-late',
    what: 'memory.fill beyond the end writes before it traps',
    edits: [
      {
        file: MEMORY,
        from: 'requireMemory(to, count)\n  const pattern',
        to: 'const pattern',
      },
    ],
    tests: [engine('traps and writes nothing')],
  },
  {
    id: 'fill-value',
    what: 'memory.fill takes more than the lowest byte of its value',
    edits: [{ file: MEMORY, from: '<u64>(value & 0xff) * EVERY_BYTE', to: '<u64>value * EVERY_BYTE' }],
    tests: [{ file: 'test/interpreter/host/bulk.test.ts', name: 'do what the engine does' }],
  },
  {
    id: 'range-wraps-around',
    what: 'The end of a range is counted modulo 2^32',
    edits: [
      {
        file: RANGES,
        from: '<u64>pointer + length > <u64>memory.size()',
        to: '<u64>(pointer + length) > <u64>memory.size()',
      },
    ],
    tests: [engine('traps and writes nothing')],
  },
  {
    id: 'empty-range-anywhere',
    what: 'A range of no bytes may begin behind the end of memory',
    edits: [{ file: RANGES, from: 'if (<u64>pointer + length >', to: 'if (length != 0 && <u64>pointer + length >' }],
    tests: [engine('traps and writes nothing')],
  },
  {
    id: 'dropped-segment-readable',
    what: 'memory.init reads a segment that was dropped',
    edits: [
      {
        file: MEMORY,
        from: 'if (<u64>from + count > <u64>global_load(lengthGlobal)) trap_memory_bounds()',
        to: 'if (<u64>from + count < <u64>(global_load(lengthGlobal) & 0)) trap_memory_bounds()',
      },
    ],
    tests: [engine('a segment that is dropped has no byte')],
  },
  {
    id: 'table-grow-beyond-the-maximum',
    what: 'table.grow goes beyond the maximum of its table',
    edits: [
      {
        file: TABLES,
        from: 'if (<u64>size + count > limit) return -1',
        to: 'if (<u64>size + count > <u64>limit + 64) return -1',
      },
    ],
    tests: [engine('table.grow beyond the maximum')],
  },
  {
    id: 'table-grow-result',
    what: 'table.grow gives the new size',
    edits: [
      {
        file: TABLES,
        from: 'global_store(sizeGlobal, size + count)\n  return size',
        to: 'global_store(sizeGlobal, size + count)\n  return size + count',
      },
    ],
    tests: [{ file: 'test/interpreter/host/bulk.test.ts', name: 'on tables' }],
  },
  {
    id: 'table-copy-direction',
    what: 'table.copy onto the end of its own source reads what it has written',
    edits: [
      {
        file: TABLES,
        from: 'if (to - from < count) copyDown(to, from, count)',
        to: 'if (from - to < count) copyDown(to, from, count)',
      },
    ],
    tests: [engine('table.copy in a table: up over itself')],
  },
  {
    id: 'table-copy-unchecked-source',
    what: 'table.copy and table.init read behind the end of their source',
    edits: [{ file: TABLES, from: '  requireEntries(from, count, fromSizeGlobal)\n', to: '' }],
    tests: [engine('table.copy beyond the end traps')],
  },
  {
    id: 'second-memory-grow-limit',
    what: 'memory.grow of a second memory goes one page beyond its limit',
    edits: [
      {
        file: MEMORY,
        from: 'if (<u64>size + delta > limit) return -1',
        to: 'if (<u64>size + delta > <u64>limit + 1) return -1',
      },
    ],
    tests: [{ file: 'test/interpreter/lower/run-windows.test.ts', name: 'grows up to its maximum' }],
  },
  {
    id: 'input-behind-its-end',
    what: 'input_read from behind the end of the input gives as many bytes as were asked for',
    edits: [
      { file: TASK_ABI, from: 'offset < size ? min(length, size - offset) : 0', to: 'min(length, size - offset)' },
    ],
    tests: [{ file: 'test/interpreter/host/machine.test.ts', name: 'where nothing is copied' }],
  },
]
