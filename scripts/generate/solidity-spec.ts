import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import {
  ACCESS,
  ALU,
  CONTROL,
  EXTENSION,
  F32_BASE,
  F64_BASE,
  type Field,
  FLOAT_CONVERSION,
  FLOAT_OPS,
  I32_BASE,
  I64_BASE,
  INTEGER_OPS,
  MACHINE_VERSION,
  MAX_PAGES,
  MISC,
  PAGE_BITS,
  REGION_LEVELS,
  REGIONS,
  REGS,
  REGS_BITS,
  type Region,
  SLOT_BITS,
  STACK_LIMIT,
  STATUS,
  SUBSTEP,
  SUBSTEPS,
  TABLE_CAPACITY_MASK,
  TABLE_PRESENT_BIT,
  TRAP,
  TRUNCATE,
  TRUNCATE_BASE,
  TRUNCATE_KINDS,
  UNIT,
  WORD,
} from '../../spec/index.ts'

/** camelCase or name.with_dots to the form of a Solidity constant. */
const constantName = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()

const constant = (name: string, value: number | string, note = ''): string =>
  `    uint256 internal constant ${name} = ${value};${note && ` // ${note}`}`

const numbers = (prefix: string, values: Readonly<Record<string, number>>): string[] =>
  Object.entries(values).map(([name, value]) => constant(`${prefix}${name}`, value))

/** A field is one number, low bit << 8 | width, so that it travels as one argument. */
const fields = (prefix: string, layout: Readonly<Record<string, Field>>): string[] =>
  Object.entries(layout).map(([name, [low, width]]) =>
    constant(`${prefix}${constantName(name)}`, `(${low} << 8) | ${width}`, `bits ${low}-${low + width - 1}`),
  )

/** A number of whole bytes. */
const hexadecimal = (value: number): string => {
  const digits = value.toString(16)
  return `0x${digits.padStart(2 * Math.ceil(digits.length / 2), '0')}`
}

/** One bit for each region that has the property. */
const regionSet = (has: (region: Region) => boolean): string =>
  hexadecimal(REGIONS.reduce((set, region) => set | (has(region) ? 1 << region.index : 0), 0))

/** Depths of all regions in one number, byte i for region i. */
const packedDepths = (): string =>
  `0x${[...REGIONS]
    .reverse()
    .map(({ depth }) => depth.toString(16).padStart(2, '0'))
    .join('')}`

/** Z[0], Z[1], ... as 64 hex digits each: the siblings that a witness leaves out, up to the longest path. */
function zeroNodes(): string[] {
  const longestPath = Math.max(...REGIONS.map(({ depth }) => depth)) + REGION_LEVELS
  let node: Uint8Array = new Uint8Array(32)
  return Array.from({ length: longestPath }, () => {
    const digits = bytesToHex(node)
    node = keccak_256(Uint8Array.from([...node, ...node]))
    return digits
  })
}

const section = (title: string, lines: readonly string[]): string => [`    // ${title}`, ...lines].join('\n')

const limits = (): string =>
  section('Limits: spec/limits.ts', [
    constant('MACHINE_VERSION', MACHINE_VERSION),
    constant('SUBSTEPS', SUBSTEPS),
    constant('STACK_LIMIT', STACK_LIMIT),
    constant('MAX_PAGES', MAX_PAGES),
    constant('PAGE_BITS', PAGE_BITS),
    constant('SLOT_BITS', SLOT_BITS),
    constant('TABLE_PRESENT_BIT', TABLE_PRESENT_BIT),
  ])

const regions = (): string =>
  section('Regions: spec/regions.ts', [
    constant('REGION_LEVELS', REGION_LEVELS),
    ...REGIONS.map(({ name, index }) => constant(`REGION_${name}`, index)),
    ...REGIONS.map(({ name, depth }) => constant(`DEPTH_${name}`, depth)),
    constant('DEPTHS', packedDepths(), 'byte i: levels of region i'),
    constant(
      'BYTE_REGIONS',
      regionSet(({ kind }) => kind === 'bytes'),
      'bit i: region i is byte-addressed',
    ),
    constant(
      'LOADABLE_REGIONS',
      regionSet(({ load }) => load),
      'bit i: an instruction may load from region i',
    ),
    constant(
      'STORABLE_REGIONS',
      regionSet(({ store }) => store),
      'bit i: an instruction may store to region i',
    ),
  ])

const layouts = (): string =>
  section('Fields of packed words, low bit << 8 | width: spec/layout.ts', [
    ...fields('REGS_', REGS),
    constant('REGS_BITS', REGS_BITS),
    ...fields('MISC_', MISC),
    ...fields('WORD_', WORD),
    ...numbers('UNIT_', UNIT),
    ...numbers('ACCESS_', ACCESS),
    ...numbers('EXTENSION_', EXTENSION),
    constant('TABLE_CAPACITY_MASK', TABLE_CAPACITY_MASK),
  ])

/** One bit for each operation on floats, by its distance from the base. */
const floatOps = (): string => hexadecimal(FLOAT_OPS.reduce((set, [k]) => set | (1 << k), 1 << FLOAT_CONVERSION))

const operations = (): string =>
  section('ALU operations: spec/alu.ts', [
    ...numbers('ALU_', ALU),
    constant('I32_BASE', I32_BASE),
    constant('I64_BASE', I64_BASE),
    constant('INTEGER_OPS', INTEGER_OPS.length, 'codes from each base on'),
    ...INTEGER_OPS.map((op, k) => constant(`OP_${constantName(op)}`, k)),
    constant('F32_BASE', F32_BASE),
    constant('F64_BASE', F64_BASE),
    ...FLOAT_OPS.map(([k, op]) => constant(`FLOAT_${constantName(op)}`, k)),
    constant('FLOAT_CONVERSION', FLOAT_CONVERSION),
    constant('FLOAT_OPS', floatOps(), 'bit k: there is an operation k codes from each base on'),
    constant('TRUNCATE_BASE', TRUNCATE_BASE),
    ...numbers('TRUNCATE_', TRUNCATE),
    constant('TRUNCATE_KINDS', TRUNCATE_KINDS, 'codes from the base on'),
  ])

const emptyTrees = (zeros: readonly string[]): string =>
  section(
    'Roots of empty regions; of empty subtrees by level, 32 bytes each: Z[0] = 0, Z[i+1] = keccak256(Z[i], Z[i])',
    [
      ...REGIONS.map(({ name, depth }) => `    bytes32 internal constant EMPTY_${name} = 0x${zeros[depth]};`),
      '    bytes internal constant ZERO_NODES =',
      `${zeros.map((digits) => `        hex"${digits}"`).join('\n')};`,
    ],
  )

/** contracts/generated/Spec.sol: the data of spec/ as Solidity constants. */
export const soliditySpec = (): string => `// Generated from spec/*.ts by \`npm run generate\`. Do not edit.
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The machine as data; its meaning is in docs/machine.md.
library Spec {
${[
  limits(),
  regions(),
  layouts(),
  operations(),
  section('Controls: spec/control.ts', numbers('CONTROL_', CONTROL)),
  section('Substeps: spec/substeps.ts', numbers('SUBSTEP_', SUBSTEP)),
  section('Status and traps: spec/traps.ts', [...numbers('STATUS_', STATUS), ...numbers('TRAP_', TRAP)]),
  emptyTrees(zeroNodes()),
].join('\n\n')}
}
`
