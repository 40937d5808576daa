import type { PlantedBug } from './bug.ts'

const SOLIDITY = 'contracts/machine/Float.sol'
const TYPESCRIPT = 'interpreter/machine/float.ts'
const FAST = 'interpreter/machine/run.ts'

/** IEEE vectors in Solidity, by the names of their files. */
const vectors = (name: string) => ({ file: 'test/contracts/machine/float.test.ts', name })
/** Results typed by hand, in both languages. */
const boundaries = (name: string) => ({ file: 'test/differential/float-boundaries.test.ts', name })
/** IEEE vectors and V8, in TypeScript. */
const engine = (name: string) => ({ file: 'test/interpreter/machine/float.test.ts', name })
const fast = (name: string) => ({ file: 'test/interpreter/machine/run.test.ts', name })

const NAN_OPERANDS = 'if (_isNan(x, p) || _isNan(y, p)) return _nan(p);'
const CONVERTED = 'return _pack(p, value < 0, 0, uint256(value < 0 ? -value : value));'
const ROUNDED = '(number + (1 << (shift - 1)) - 1 + ((number >> shift) & 1)) >> shift'

export const FLOATS: readonly PlantedBug[] = [
  {
    id: 'nan-sign',
    what: 'Both sides: the canonical NaN of f32 is negative, as processors make it',
    edits: [
      { file: SOLIDITY, from: '0x7fc00000 : 0x7ff8000000000000', to: '0xffc00000 : 0x7ff8000000000000' },
      { file: TYPESCRIPT, from: 'return 0x7fc00000n', to: 'return 0xffc00000n' },
    ],
    tests: [engine('f32.add as the engine does')],
  },
  {
    id: 'nan-payload',
    what: 'An operation passes on the NaN that it was given',
    edits: [{ file: SOLIDITY, from: NAN_OPERANDS, to: `if (_isNan(x, p)) return x; if (_isNan(y, p)) return y;` }],
    tests: [boundaries('f32.add')],
  },
  {
    id: 'nan-not-canonical-fast',
    what: 'In the fast run the NaN of f64.add is what the engine makes of it',
    edits: [{ file: FAST, from: 'const NAN64 = 0x7ff80000', to: 'const NAN64 = 0xfff80000 | 0' }],
    tests: [fast('f64_add.special')],
  },
  {
    id: 'neg-of-nan',
    what: 'Both sides: neg makes a NaN canonical',
    edits: [
      { file: SOLIDITY, from: 'return x ^ _signBit(p);', to: 'return _isNan(x, p) ? _nan(p) : x ^ _signBit(p);' },
      { file: TYPESCRIPT, from: 'neg: bitwise((x, _, sign) => x ^ sign)', to: 'neg: unary((x) => -x)' },
    ],
    tests: [engine('f32.neg as the engine does')],
  },
  {
    id: 'min-of-nan',
    what: 'Both sides: min and max of a NaN and a number is the number',
    edits: [
      {
        file: SOLIDITY,
        from: NAN_OPERANDS,
        to: `if (op >= Spec.FLOAT_MIN && _isNan(x, p)) return _isNan(y, p) ? _nan(p) : y;
        if (op >= Spec.FLOAT_MIN && _isNan(y, p)) return x;
        ${NAN_OPERANDS}`,
      },
      {
        file: TYPESCRIPT,
        from: 'min: binary(Math.min)',
        to: 'min: binary((x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.min(x, y)))',
      },
    ],
    tests: [engine('f32.min as the engine does')],
  },
  {
    id: 'min-of-zeros',
    what: 'min and max of the two zeros is the first of them',
    edits: [{ file: SOLIDITY, from: 'return op == Spec.FLOAT_MIN ? x | y : x & y;', to: 'return x;' }],
    tests: [boundaries('f32.min')],
  },
  {
    id: 'min-of-zeros-everywhere',
    what: 'Both sides: min of the two zeros is the second of them',
    edits: [
      {
        file: SOLIDITY,
        from: 'return op == Spec.FLOAT_MIN ? x | y : x & y;',
        to: 'return op == Spec.FLOAT_MIN ? y : x & y;',
      },
      {
        file: TYPESCRIPT,
        from: 'min: binary(Math.min)',
        to: 'min: binary((x, y) => (x < y || Number.isNaN(x) ? x : y))',
      },
    ],
    tests: [engine('f32.min as the engine does')],
  },
  {
    id: 'zeros-differ',
    what: 'The two zeros are not equal',
    edits: [{ file: SOLIDITY, from: 'int256(x) : -int256(x ^ sign)', to: 'int256(x) : -int256(x ^ sign) - 1' }],
    tests: [boundaries('f32.eq')],
  },
  {
    id: 'sum-of-opposites',
    what: 'A negative number and its opposite make -0',
    edits: [{ file: SOLIDITY, from: 'negative = negative && (otherNegative || sum != 0);', to: '' }],
    tests: [boundaries('f32.add')],
  },
  {
    id: 'exponents-far-apart',
    what: 'A sum of two floats that are far apart loses the greater one',
    edits: [{ file: SOLIDITY, from: 'if (distance > GUARD) (distance, n) = (0, 0);', to: '' }],
    tests: [boundaries('f64.add')],
  },
  {
    id: 'ne-of-nan',
    what: 'Both sides: a NaN is not unequal to itself',
    edits: [
      { file: SOLIDITY, from: 'return op == Spec.FLOAT_NE;', to: 'return false && op == Spec.FLOAT_NE;' },
      { file: TYPESCRIPT, from: 'ne: compare((x, y) => x !== y)', to: 'ne: compare((x, y) => x < y || x > y)' },
    ],
    tests: [engine('f64.ne as the engine does')],
  },
  {
    id: 'ties-away',
    what: 'Of two floats that are equally near the greater one is taken',
    edits: [{ file: SOLIDITY, from: ROUNDED, to: '(number + (1 << (shift - 1))) >> shift' }],
    tests: [vectors('f32_add')],
  },
  {
    id: 'ties-down',
    what: 'Of two floats that are equally near the smaller one is taken',
    edits: [{ file: SOLIDITY, from: ROUNDED, to: '(number + (1 << (shift - 1)) - 1) >> shift' }],
    tests: [vectors('f32_add')],
  },
  {
    id: 'truncating-instead-of-rounding',
    what: 'Results are cut instead of rounded',
    edits: [{ file: SOLIDITY, from: ROUNDED, to: 'number >> shift' }],
    tests: [vectors('f64_mul')],
  },
  {
    id: 'sticky-bit',
    what: 'What a conversion of an integer leaves out is forgotten before it is rounded',
    edits: [{ file: TYPESCRIPT, from: 'high << BEYOND_DOUBLE === x ? high : high | 1n', to: 'high' }],
    tests: [engine('an i64 that lies just above the middle')],
  },
  {
    id: 'double-rounding',
    what: 'Both sides: an i64 becomes an f32 by way of an f64',
    edits: [
      {
        file: SOLIDITY,
        from: CONVERTED,
        to: 'return _toWidth(_pack(DOUBLE, value < 0, 0, uint256(value < 0 ? -value : value)), DOUBLE, p);',
      },
      {
        file: TYPESCRIPT,
        from: 'Number(width === SINGLE ? withStickyBit(integer(x)) : integer(x))',
        to: 'Number(integer(x))',
      },
    ],
    tests: [engine('an i64 that lies just above the middle')],
  },
  {
    id: 'subnormal-results',
    what: 'Results below the normal floats keep all their digits',
    edits: [{ file: SOLIDITY, from: 'if (exponent + shift < lowest) shift = lowest - exponent;', to: '' }],
    tests: [boundaries('f32.mul')],
  },
  {
    id: 'subnormal-operands',
    what: 'Operands below the normal floats get the hidden bit of the others',
    edits: [{ file: SOLIDITY, from: 'if (biased != 0) {', to: 'if (biased != 0 || significand != 0) {' }],
    tests: [boundaries('f32.add')],
  },
  {
    id: 'overflow-to-infinity',
    what: 'Results beyond the last float run into the NaNs',
    edits: [
      {
        file: SOLIDITY,
        from: '_signed(negative, _least(magnitude, _infinity(p)), p)',
        to: '_signed(negative, magnitude, p)',
      },
    ],
    tests: [boundaries('f32.div')],
  },
  {
    id: 'infinity-minus-infinity',
    what: 'Infinity minus infinity is infinity',
    edits: [{ file: SOLIDITY, from: 'return _isInfinite(y, p) && x != y ? _nan(p) : x;', to: 'return x;' }],
    tests: [boundaries('f32.sub')],
  },
  {
    id: 'sign-of-quotient-by-zero',
    what: 'A negative number divided by 0 is positive infinity',
    edits: [
      {
        file: SOLIDITY,
        from: 'if (n == 0) return m == 0 ? _nan(p) : _signed(negative, _infinity(p), p);',
        to: 'if (n == 0) return m == 0 ? _nan(p) : _infinity(p);',
      },
    ],
    tests: [boundaries('f32.div')],
  },
  {
    id: 'root-of-negative-zero',
    what: 'The square root of -0 is NaN',
    edits: [
      {
        file: SOLIDITY,
        from: 'if (m == 0) return x;\n        if (negative) return _nan(p);',
        to: 'if (negative) return _nan(p);\n        if (m == 0) return x;',
      },
    ],
    tests: [boundaries('f32.sqrt')],
  },
  {
    id: 'nearest-away',
    what: 'Both sides: nearest rounds a half away from zero',
    edits: [
      {
        file: SOLIDITY,
        from: 'op == Spec.FLOAT_NEAREST ? _round(significand, shift)',
        to: 'op == Spec.FLOAT_NEAREST ? (significand + (1 << (shift - 1))) >> shift',
      },
      {
        file: TYPESCRIPT,
        from: 'const rounded = magnitude + ALL_INTEGERS - ALL_INTEGERS',
        to: 'const rounded = magnitude - Math.trunc(magnitude) < 0.5 ? Math.trunc(magnitude) : Math.trunc(magnitude) + 1',
      },
    ],
    tests: [engine('f32.nearest as the engine does')],
  },
  {
    id: 'floor-of-negative',
    what: 'floor of a negative number goes towards zero',
    edits: [
      {
        file: SOLIDITY,
        from: 'negative ? op == Spec.FLOAT_FLOOR : op == Spec.FLOAT_CEIL',
        to: '!negative && op == Spec.FLOAT_CEIL',
      },
    ],
    tests: [boundaries('f32.floor')],
  },
  {
    id: 'truncation-limit',
    what: 'A conversion to an integer refuses the greatest one',
    edits: [{ file: SOLIDITY, from: 'if (whole > most) {', to: 'if (whole >= most) {' }],
    tests: [boundaries('i32.trunc_f64_s')],
  },
  {
    id: 'truncation-of-fractions',
    what: 'A fraction between the greatest integer and the next is out of range',
    edits: [{ file: TYPESCRIPT, from: 'if (whole >= least && whole < most)', to: 'if (x >= least && x <= most - 1)' }],
    tests: [engine('i32.trunc_f64_u as the engine does')],
  },
  {
    id: 'truncation-limit-fast',
    what: 'In the fast run 2^31 is an i32',
    edits: [{ file: 'interpreter/machine/truncate.ts', from: 'whole < END[kind]!', to: 'whole <= END[kind]!' }],
    tests: [fast('i32.trunc_f32_s')],
  },
  {
    id: 'saturation-limit',
    what: 'Both sides: saturating goes one beyond the limit, and wraps',
    edits: [
      { file: SOLIDITY, from: 'whole = most;', to: 'whole = most + 1;' },
      { file: TYPESCRIPT, from: 'BigInt(least) : BigInt(most) - 1n', to: 'BigInt(least) - 1n : BigInt(most)' },
    ],
    tests: [engine('i32.trunc_sat_f32_s as the engine does')],
  },
  {
    id: 'saturation-of-nan',
    what: 'A saturating conversion of NaN traps',
    edits: [
      {
        file: SOLIDITY,
        from: 'saturating ? Spec.TRAP_NONE : Spec.TRAP_INVALID_CONVERSION',
        to: 'Spec.TRAP_INVALID_CONVERSION',
      },
    ],
    tests: [boundaries('i32.trunc_sat_f32_s')],
  },
  {
    id: 'conversion-of-nan',
    what: 'Both sides: a conversion of NaN is told as an overflow',
    edits: [
      { file: SOLIDITY, from: ': Spec.TRAP_INVALID_CONVERSION', to: ': Spec.TRAP_INTEGER_OVERFLOW' },
      { file: TYPESCRIPT, from: 'trapped(TRAP.INVALID_CONVERSION)', to: 'trapped(TRAP.INTEGER_OVERFLOW)' },
    ],
    tests: [engine('i32.trunc_f32_s as the engine does')],
  },
]
