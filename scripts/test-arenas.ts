// Plays all ten thousand random arenas in a market too, call by call as the model says; `npm test` plays the first of them.
// An argument names another number of arenas; SUBSTEP_SEED chooses others.
import { spawnSync } from 'node:child_process'

const ARENAS = process.argv[2] ?? '10000'
const TEST = 'test/contracts/game/random-arenas.test.ts'

const env = { ...process.env, SUBSTEP_ARENAS: ARENAS }
process.exitCode = spawnSync('vitest', ['run', TEST], { stdio: 'inherit', env }).status ?? 1
