import { afterAll, describe, expect, it } from 'vitest'
import gas from '../../bench/gas.json' with { type: 'json' }
import { FieldRefused, FileIllFormed, RuleRefused } from '../../deployment/errors.ts'
import { readRules } from '../../deployment/file.ts'
import { checkRules, DEFAULT_RULES, defaultRules, RULE_NAMES, type RuleName } from '../../deployment/rules.ts'
import { folder } from '../helpers/command.ts'

const files = folder()
afterAll(() => files.remove())

const rulesFile = (value: unknown) => files.write('rules.json', JSON.stringify(value))

describe('DEFAULT_RULES', () => {
  it('are rules that a market takes', () => {
    expect(() => checkRules(DEFAULT_RULES)).not.toThrow()
  })
})

describe('defaultRules', () => {
  it.each([2n, 4n, 8n, 16n, 32n])('repay what entering, opening and moving take at arity %d', (arity) => {
    const measured = gas.parts[`arity${arity as 2n | 4n | 8n | 16n | 32n}`]
    const { enterGas, moveGas } = defaultRules(arity)
    const entering = gas.ends.enterAndOpen - gas.parts.arity16.open
    const mostMoves = Math.floor(measured.count / 2) + 1
    expect(enterGas).toBeGreaterThanOrEqual(entering + measured.open)
    expect(moveGas).toBeGreaterThanOrEqual(gas.move[`arity${arity as 2n | 4n | 8n | 16n | 32n}`])
    expect(moveGas * BigInt(mostMoves)).toBeGreaterThanOrEqual(measured.moves / 2)
  })
})

describe('checkRules', () => {
  const cases: [RuleName, bigint, string][] = [
    ['arity', 1n, '2 to 32'],
    ['arity', 33n, '2 to 32'],
    ['unbondingTime', 2n ** 32n, '0 to 4294967295'],
    ['challenge', 0n, '1 to 4294967295'],
    ['support', 0n, '1 to 4294967295'],
    ['opening', 0n, '1 to 4294967295'],
    ['minimum', 0n, '1 to 4294967295'],
    ['budget', 0n, '1 to 4294967295'],
    ['minimum', 43_201n, 'at most the budget, 43200'],
    ['solving', 0n, '1 to'],
    ['finalising', 0n, '1 to'],
    ['speed', 0n, '1 to'],
    ['maxSteps', 0n, '1 to'],
    ['bond', 1n, '2 to'],
    ['bond', 2n ** 96n, '2 to'],
    ['gasPriceFloor', 0n, '1 to 10000000000000'],
    ['enterGas', 0n, '1 to'],
    ['moveGas', 0n, '1 to'],
    ['maxCallbackGas', 2n ** 32n, '0 to'],
    ['maxOutput', 2n ** 32n, '0 to'],
    ['speed', 1n, 'seconds for the longest task it must be below 2^32'],
  ]
  it.each(cases)('refuses %s of %d', (name, value, wanted) => {
    const check = () => checkRules({ ...DEFAULT_RULES, [name]: value })
    expect(check).toThrow(RuleRefused)
    expect(check).toThrow(wanted)
  })

  it('refuses a clock below the least time on move', () => {
    expect(() => checkRules({ ...DEFAULT_RULES, budget: 1799n })).toThrow('minimum is 1800: it must be at most the')
  })

  it('has a limit for each rule', () => {
    for (const name of RULE_NAMES) {
      expect(() => checkRules({ ...DEFAULT_RULES, [name]: 2n ** 256n })).toThrow(RuleRefused)
    }
  })
})

describe('readRules', () => {
  it('takes numbers and digits in quotes, and the default of what the file leaves out', () => {
    const rules = readRules(rulesFile({ challenge: 60, bond: '5000000000000000000' }))
    expect(rules).toEqual({ ...DEFAULT_RULES, challenge: 60n, bond: 5n * 10n ** 18n })
  })

  it('takes another arity than that of the file, and gas to go with it unless the file says', () => {
    const { moveGas } = defaultRules(8n)
    expect(readRules(rulesFile({ arity: 8 }))).toMatchObject({ arity: 8n, moveGas })
    expect(readRules(rulesFile({ arity: 4 }), 8n)).toMatchObject({ arity: 8n, moveGas })
    expect(readRules(rulesFile({ moveGas: 1 }), 8n)).toMatchObject({ arity: 8n, moveGas: 1n })
  })

  it.each([
    [{ chalenge: 60 }, 'chalenge is unknown; there are arity, unbondingTime'],
    [{ challenge: 1.5 }, 'challenge is 1.5, no whole number'],
    [{ challenge: -1 }, 'challenge is -1, no whole number'],
    [{ bond: 1e21 }, 'bond is 1e+21, no whole number; larger ones than 2^53 go in quotes'],
    [{ bond: '0x10' }, 'bond is "0x10", no whole number'],
    [{ challenge: 0 }, 'rules challenge is 0: it must be 1 to'],
    [[], 'the file is no object'],
    [null, 'the file is no object'],
  ])('refuses %j', (value, problem) => {
    const path = rulesFile(value)
    expect(() => readRules(path)).toThrow(FieldRefused)
    expect(() => readRules(path)).toThrow(`${path}: ${problem}`)
  })

  it('refuses a file that is missing or no JSON', () => {
    expect(() => readRules(files.path('none.json'))).toThrow(FileIllFormed)
    expect(() => readRules(files.write('bad.json', '{'))).toThrow(FileIllFormed)
  })
})
