import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { violations } from './helpers/architecture.ts'

const ROOT = dirname(import.meta.dirname)
const NOT_OURS = ['node_modules', 'dist', 'artifacts', 'cache', 'coverage', 'test/data']

function sources() {
  const paths = globSync('**/*.{ts,sol}', { cwd: ROOT, exclude: NOT_OURS })
  return paths.map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(`${ROOT}/${path}`, 'utf8') }))
}

describe('architecture', () => {
  it('is kept by every source file', () => {
    const files = sources()
    expect(files.some((file) => file.path === 'interpreter/index.ts')).toBe(true)
    expect(files.some((file) => file.path === 'contracts/interfaces/IStepper.sol')).toBe(true)
    expect(violations(files)).toEqual([])
  })
})

describe('violations', () => {
  const allowed: [path: string, text: string][] = [
    ['interpreter/machine/step.ts', "import { ALU } from '../../spec/index.ts'\nimport { trap } from './trap.ts'"],
    ['interpreter/machine/date.ts', '// the Date of a block\n/* Math.random */ export const update = 1'],
    ['cli/main.ts', "import { readFileSync } from 'node:fs'\nimport { run } from '../interpreter/index.ts'"],
    ['test/interpreter/step.test.ts', "import { step } from '../../interpreter/machine/step.ts'"],
    ['test/helpers/random.ts', 'export const seed = Date.now()'],
    ['contracts/machine/Stepper.sol', 'import {Merkle} from "../commit/Merkle.sol";'],
    ['contracts/game/Arena.sol', 'import {IStepper} from "../interfaces/IStepper.sol";'],
    ['contracts/game/Bisection.sol', 'import {Merkle} from "../commit/Merkle.sol";'],
    ['contracts/market/TaskMarket.sol', 'import "@openzeppelin/contracts/token/ERC20/IERC20.sol";'],
    ['contracts/market/ProgramRegistry.sol', 'import {Merkle} from "../commit/Merkle.sol";'],
    ['contracts/examples/Dapp.sol', 'import {TaskConsumer} from "../market/TaskConsumer.sol";'],
    ['contracts/mocks/ToyStepper.sol', 'import {Stepper} from "../machine/Stepper.sol";'],
  ]
  it.each(allowed)('accepts %s with %j', (path, text) => {
    expect(violations([{ path, text }])).toEqual([])
  })

  const forbidden: [path: string, text: string, breach: string][] = [
    ['spec/alu.ts', "export { run } from '../interpreter/index.ts'", 'spec must not import interpreter'],
    ['interpreter/index.ts', "const p = await import('../protocol/index.ts')", 'interpreter must not import protocol'],
    ['solver/main.ts', "import type {\n  A,\n} from '../verifier/index.ts'", 'solver must not import verifier'],
    ['spec/index.ts', "import { x } from '../index.ts'", 'spec must not import the root'],
    ['protocol/game.ts', "import '../interpreter/machine/step.ts'", 'interpreter/machine/step.ts is not the door'],
    ['scripts/demo.ts', "import { x } from '../protocol/abi.ts'", 'protocol/abi.ts is not the door'],
    ['interpreter/run.ts', "import { readFileSync } from 'node:fs'", 'node:fs does not belong'],
    ['interpreter/run.ts', 'const start = Date.now()', 'Date does not belong'],
    ['protocol/reader.ts', 'const start = performance.now()', 'performance does not belong'],
    ['spec/limits.ts', 'export const x = Math.random()', 'Math.random does not belong'],
    ['interpreter/src/run.ts', '', 'no folder may be called src here'],
    ['cli/utils/run.ts', '', 'no folder may be called utils here'],
    ['cli/helpers/run.ts', '', 'no folder may be called helpers here'],
    ['common/run.ts', '', 'common has no place'],
    ['contracts/common/X.sol', '', 'contracts/common has no place'],
    ['contracts/machine/Stepper.sol', 'import {Arena} from "../game/Arena.sol";', 'machine must not import game'],
    ['contracts/commit/Merkle.sol', 'import "../market/StakeVault.sol";', 'commit must not import market'],
    ['contracts/game/Arena.sol', 'import {Stepper} from "../machine/Stepper.sol";', 'game must not import machine'],
    ['contracts/game/Arena.sol', 'import * as m from "../market/TaskMarket.sol";', 'game must not import market'],
    ['contracts/market/TaskMarket.sol', 'import "../machine/Stepper.sol";', 'market must not import machine'],
    ['contracts/examples/Dapp.sol', 'import "../game/Arena.sol";', 'examples must not import game'],
    ['contracts/market/TaskMarket.sol', 'import "../examples/Dapp.sol";', 'market must not import examples'],
    ['contracts/machine/Numeric.sol', 'import "@openzeppelin/contracts/utils/math/Math.sol";', 'nothing from outside'],
  ]
  it.each(forbidden)('refuses %s with %j', (path, text, breach) => {
    const found = violations([{ path, text }])
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(breach)
  })

  it('refuses an interface other than IStepper that both the game and the machine import', () => {
    const text = 'import {IWitness} from "../interfaces/IWitness.sol";'
    const files = ['contracts/machine/Stepper.sol', 'contracts/game/Arena.sol'].map((path) => ({ path, text }))
    expect(violations(files)).toEqual([expect.stringContaining('the game knows the machine only by IStepper')])
    expect(violations(files.slice(1))).toEqual([])
  })
})
