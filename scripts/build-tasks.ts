// Compiles the tasks and the host's runtime functions. See --help.
import { CompilationFailed } from './build-tasks/compile.ts'
import { buildTasks, COMMAND } from './build-tasks/files.ts'
import { requireListed, TaskUnlisted } from './build-tasks/listed.ts'
import { type Generator, runGenerator } from './generator.ts'

const GENERATOR: Generator = {
  command: COMMAND,
  about: 'Compiles the tasks that wasm-tasks/index.ts lists, the functions of the runtime, and the kernel that hashes.',
  refusals: [CompilationFailed, TaskUnlisted],
  async *files() {
    requireListed()
    yield* await buildTasks()
  },
}

process.exitCode = await runGenerator(GENERATOR, process.argv.slice(2))
