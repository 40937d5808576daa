import type { PlantedBug } from './bug.ts'

const SOLIDITY = 'contracts/machine/Numeric.sol'
const TYPESCRIPT = 'interpreter/machine/numeric.ts'
const FAST = 'interpreter/machine/run.ts'

/** Every operation in both languages, on edge operands. */
const twins = (name: string) => ({ file: 'test/differential/substeps.test.ts', name })
/** The same operations in V8. */
const engine = (name: string) => ({ file: 'test/interpreter/machine/numeric.test.ts', name })
const boundaries = (name: string) => ({ file: 'test/differential/boundaries.test.ts', name })
const checks = (name: string) => ({ file: 'test/differential/check-order.test.ts', name })

export const INTEGERS: readonly PlantedBug[] = [
  {
    id: 'division-by-zero-unchecked',
    what: 'The stepper divides by zero: the call reverts, so that the step cannot be judged',
    edits: [{ file: SOLIDITY, from: 'if (y == 0) return (0, Spec.TRAP_DIVISION_BY_ZERO);', to: '' }],
    tests: [checks('alu alone sets its trap')],
  },
  {
    id: 'division-by-zero-is-zero',
    what: 'Both sides: division by zero gives 0',
    edits: [
      { file: SOLIDITY, from: 'return (0, Spec.TRAP_DIVISION_BY_ZERO);', to: 'return (0, 0);' },
      { file: TYPESCRIPT, from: 'trapped(TRAP.DIVISION_BY_ZERO)', to: 'value(0n)' },
    ],
    tests: [checks('alu alone sets its trap')],
  },
  {
    id: 'division-overflow',
    what: 'INT_MIN / -1 wraps in the stepper',
    edits: [
      {
        file: SOLIDITY,
        from: 'if (quotient == int256(1 << (bits - 1))) return (0, Spec.TRAP_INTEGER_OVERFLOW);',
        to: '',
      },
    ],
    tests: [boundaries('division overflows in one case')],
  },
  {
    id: 'division-overflow-everywhere',
    what: 'Both sides: INT_MIN / -1 wraps',
    edits: [
      {
        file: SOLIDITY,
        from: 'if (quotient == int256(1 << (bits - 1))) return (0, Spec.TRAP_INTEGER_OVERFLOW);',
        to: '',
      },
      {
        file: TYPESCRIPT,
        from: 'if (quotient === 1n << BigInt(bits - 1)) return trapped(TRAP.INTEGER_OVERFLOW)',
        to: '',
      },
    ],
    tests: [boundaries('division overflows in one case')],
  },
  {
    id: 'division-overflow-fast',
    what: 'INT_MIN / -1 wraps in the fast run',
    edits: [{ file: FAST, from: 'slots[p - 4] === -(2 ** 31) && slots[p - 2] === -1', to: 'false' }],
    tests: [{ file: 'test/interpreter/lower/run.test.ts', name: 'a quotient that is too large' }],
  },
  {
    id: 'remainder-sign',
    what: 'rem_s takes the sign of the divisor',
    edits: [{ file: SOLIDITY, from: 'return (uint256(i % j), 0);', to: 'return (uint256(((i % j) + j) % j), 0);' }],
    tests: [twins('i32.rem_s')],
  },
  {
    id: 'remainder-sign-everywhere',
    what: 'Both sides and the fast run: i32.rem_s and i64.rem_s take the sign of the divisor',
    edits: [
      { file: SOLIDITY, from: 'return (uint256(i % j), 0);', to: 'return (uint256(((i % j) + j) % j), 0);' },
      {
        file: TYPESCRIPT,
        from: 'wrap(signed(x, bits) % signed(y, bits), bits)',
        to: 'wrap(((signed(x, bits) % signed(y, bits)) + signed(y, bits)) % signed(y, bits), bits)',
      },
      {
        file: FAST,
        from: 'slots[p - 4] = slots[p - 4]! % slots[p - 2]!',
        to: 'slots[p - 4] = ((slots[p - 4]! % slots[p - 2]!) + slots[p - 2]!) % slots[p - 2]!',
      },
    ],
    tests: [engine('the fast run')],
  },
  {
    id: 'subtraction-order',
    what: 'sub takes its operands the wrong way round',
    edits: [
      {
        file: TYPESCRIPT,
        from: 'sub: (x, y, bits) => wrap(x - y, bits)',
        to: 'sub: (x, y, bits) => wrap(y - x, bits)',
      },
    ],
    tests: [twins('i32.sub')],
  },
  {
    id: 'subtraction-order-everywhere',
    what: 'Both sides: sub takes its operands the wrong way round',
    edits: [
      {
        file: TYPESCRIPT,
        from: 'sub: (x, y, bits) => wrap(x - y, bits)',
        to: 'sub: (x, y, bits) => wrap(y - x, bits)',
      },
      { file: SOLIDITY, from: 'return x - y;', to: 'return y - x;' },
    ],
    tests: [engine('i32.sub')],
  },
  {
    id: 'shift-count-not-masked',
    what: 'A shift by the width or more gives 0 instead of counting modulo the width',
    edits: [{ file: SOLIDITY, from: 'y & (bits - 1)', to: 'y' }],
    tests: [twins('i32.shl')],
  },
  {
    id: 'shift-count-of-the-other-width',
    what: 'Both sides: shifts of 64 bits count modulo 32',
    edits: [
      { file: SOLIDITY, from: 'y & (bits - 1)', to: 'y & 31' },
      { file: TYPESCRIPT, from: 'y % BigInt(bits)', to: 'y % 32n' },
    ],
    tests: [engine('i64.shl')],
  },
  {
    id: 'arithmetic-shift-fills-zeros',
    what: 'Both sides: shr_s fills with zeros',
    edits: [
      { file: SOLIDITY, from: 'return uint256(Bits.signed(x, bits) >> count);', to: 'return x >> count;' },
      {
        file: TYPESCRIPT,
        from: 'wrap(signed(x, bits) >> count(y, bits), bits)',
        to: 'wrap(x >> count(y, bits), bits)',
      },
    ],
    tests: [engine('i32.shr_s')],
  },
  {
    id: 'rotation-by-zero',
    what: 'In the fast run a rotation of 64 bits by 0 shifts by 32, which JavaScript takes for 0',
    edits: [
      {
        file: 'interpreter/machine/long.ts',
        from: 'rest === 0 ? low : (low << rest) | (high >>> (32 - rest))',
        to: '(low << rest) | (high >>> (32 - rest))',
      },
    ],
    tests: [engine('the fast run')],
  },
  {
    id: 'rotation-direction',
    what: 'Both sides: rotr turns to the left',
    edits: [
      {
        file: SOLIDITY,
        from: 'return (x >> count) | (x << (bits - count));',
        to: 'return (x << count) | (x >> (bits - count));',
      },
      { file: TYPESCRIPT, from: 'count(-y + 2n ** 64n, bits)', to: 'count(y, bits)' },
    ],
    tests: [engine('i32.rotr')],
  },
  {
    id: 'signed-comparison',
    what: 'lt_s compares as unsigned',
    edits: [{ file: SOLIDITY, from: 'return i < j;', to: 'return x < y;' }],
    tests: [twins('i64.lt_s')],
  },
  {
    id: 'trailing-zeros-of-zero',
    what: 'Both sides: ctz of 0 is 0',
    edits: [
      { file: SOLIDITY, from: 'return x == 0 ? bits :', to: 'return x == 0 ? 0 :' },
      {
        file: TYPESCRIPT,
        from: '  x === 0n ? bits : x.toString(2).length - 1',
        to: '  x === 0n ? 0 : x.toString(2).length - 1',
      },
    ],
    tests: [engine('i32.ctz')],
  },
  {
    id: 'sign-extension-width',
    what: 'extend8_s looks at the sign of 16 bits',
    edits: [
      {
        file: SOLIDITY,
        from: 'op == Spec.OP_EXT8\n                ? 8',
        to: 'op == Spec.OP_EXT8\n                ? 16',
      },
    ],
    tests: [twins('i32.ext8')],
  },
  {
    id: 'result-not-reduced',
    what: 'Results of 32 bits keep a carry above them',
    edits: [{ file: SOLIDITY, from: 'return (r & mask, trap);', to: 'return (r, trap);' }],
    tests: [twins('i32.add')],
  },
  {
    id: 'operands-not-reduced',
    what: 'Operations of 32 bits see the upper half of their operands',
    edits: [{ file: SOLIDITY, from: '_integer(op, a & mask, b & mask, bits)', to: '_integer(op, a, b, bits)' }],
    tests: [twins('i32.eq')],
  },
  {
    id: 'silent-unknown-operation',
    what: 'Both sides: an ALU code without an operation gives 0 instead of a trap',
    edits: [
      {
        file: SOLIDITY,
        from: 'if (alu < Spec.I32_BASE) return (0, Spec.TRAP_ILLEGAL);',
        to: 'if (alu < Spec.I32_BASE) return (0, 0);',
      },
      {
        file: SOLIDITY,
        from: 'if (op >= Spec.INTEGER_OPS) return (0, Spec.TRAP_ILLEGAL);',
        to: 'if (op >= Spec.INTEGER_OPS) return (0, 0);',
      },
      {
        file: TYPESCRIPT,
        from: 'if (op === undefined) return trapped(TRAP.ILLEGAL)',
        to: 'if (op === undefined) return value(0n)',
      },
    ],
    tests: [twins('every code that is no row traps as illegal')],
  },
]
