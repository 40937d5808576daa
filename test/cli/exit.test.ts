import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.ts'
import { explain } from '../../cli/explain.ts'
import { BytesTooLong, MemoryExhausted, ProgramTooLarge } from '../../interpreter/index.ts'
import { type Ended, folder, ROOT, start, substep } from '../helpers/command.ts'
import * as tasks from '../helpers/small-tasks.ts'

const files = folder()
afterAll(() => files.remove())

const wasm = (name: string, bytes: Uint8Array) => files.write(`${name}.wasm`, bytes)
const nothing = wasm('nothing', tasks.nothing())
const endless = wasm('endless', tasks.endless())
const FOREVER = `${10 ** 15}`

/** Standard error says what was wrong and, on a line of its own, what to do; nothing else. */
function expectRefusal({ code, stdout, stderr }: Ended, exit: number, what: string, next = ''): void {
  expect(stderr).toContain(what)
  expect(stderr).toContain(`next: ${next}`)
  expect(stderr).not.toMatch(/\n\s+at |node:internal/)
  expect(stderr).not.toContain('\u001b')
  expect(stdout).toBe('')
  expect(code).toBe(exit)
}

describe('exit code 0, 1, 2', () => {
  it.each([
    ['halted', nothing, [], EXIT.OK],
    ['trapped', wasm('dividing', tasks.dividing()), [], EXIT.TASK_FAILED],
    ['out of steps', endless, ['--max-steps', '10'], EXIT.OUT_OF_STEPS],
  ] as const)('tells a task that %s', async (outcome, file, options, code) => {
    const ended = await substep(['run', file, ...options])
    expect(ended.stdout).toContain(outcome)
    expect(ended).toMatchObject({ code, stderr: '' })
  })
})

describe('exit code 64', () => {
  it.each([
    [['rnu'], "unknown command 'rnu'"],
    [['run'], "missing required argument 'file.wasm'"],
    [['run', nothing, 'more'], 'too many arguments'],
    [['run', nothing, '--jsno'], "unknown option '--jsno'"],
    [['run', nothing, '--input'], "option '--input <file>' argument missing"],
    [['run', nothing, '--max-steps', '-1'], 'Give a whole number from 0 to 9007199254740991, in digits only.'],
    [['run', nothing, '--max-steps', '1e9'], 'Give a whole number'],
    [['run', nothing, '--max-steps', '9007199254740992'], 'Give a whole number'],
    [['run', nothing, '--tier', 'jit'], 'Allowed choices are native, interpreter.'],
    [['trace', nothing, '--to', '1'], "required option '--from <step>' not specified"],
    [['trace', nothing, '--from', '2', '--to', '1'], '--from 2 is after --to 1'],
    [['trace', nothing, '--from', '50', '--to', '60'], 'the task halted after 4 steps, before --from 50'],
  ])('refuses %j', async (args, what) => expectRefusal(await substep(args), EXIT.USAGE, what))

  it('shows the help where there is no command', async () => {
    const { code, stdout, stderr } = await substep([])
    expect(stderr).toContain('Usage: substep')
    expect([code, stdout]).toEqual([EXIT.USAGE, ''])
  })
})

describe('exit code 65', () => {
  const offset = `0x${tasks.VECTOR_OFFSET.toString(16)}`
  it.each([
    ['text', Buffer.from('(module)'), 'expected the magic number', 'give a compiled module'],
    ['empty', new Uint8Array(0), 'malformed module', 'give a compiled module'],
    ['cut', tasks.dividing().subarray(0, 60), 'malformed module', 'give a compiled module, and all of it'],
    ['vectorial', tasks.vectorial(), `v128.const (SIMD) at offset ${offset}`, 'compile for WebAssembly 2.0'],
    ['invalid', tasks.invalid(), 'invalid module', 'compile it again'],
    ['importing', tasks.importing('clock'), 'import "env" "clock" refused', 'a task may import input_size'],
    [
      'AssemblyScript',
      tasks.importing('abort'),
      'import "env" "abort" refused',
      'import wasm-tasks/lib/host and compile',
    ],
    ['hostile', tasks.importing('\u202e\u009b1m'), '\\u{202e}\\u{9b}1m', 'a task may import'],
    ['mainless', tasks.withoutMain(), 'export "main" refused', 'export a function main'],
    ['overflowing', tasks.overflowing(), 'data segment 0', 'declare a larger memory'],
  ])('refuses a module of kind %s', async (name, bytes, what, next) => {
    for (const command of [['run'], ['hash'], ['trace', '--from', '0', '--to', '1']])
      expectRefusal(await substep([...command, wasm(name, bytes)]), EXIT.REFUSED, what, next)
  })

  it.each([new ProgramTooLarge('instruction words', 2 ** 25, 2 ** 24), new BytesTooLong(2 ** 32)])(
    'stands for %s',
    (error) => expect(explain(error)).toMatchObject({ code: EXIT.REFUSED, what: error.message }),
  )
})

describe('exit code 66', () => {
  it.each([
    [['run', files.path('missing.wasm')], `cannot read ${files.path('missing.wasm')}: no such file or folder`],
    [['run', files.path('.')], 'it is a folder'],
    [['run', join(nothing, 'x.wasm')], 'a part of the path is not a folder'],
    [['run', nothing, '--input', files.path('missing')], `cannot read ${files.path('missing')}`],
    [['hash', files.path('missing.wasm')], 'no such file'],
    [['trace', files.path('missing.wasm'), '--from', '0', '--to', '1'], 'no such file'],
  ])('refuses %j', async (args, what) => expectRefusal(await substep(args), EXIT.UNREADABLE, what, 'check the path'))

  it('refuses a standard input that is a folder', () => {
    const directory = openSync(ROOT, 'r')
    const args = [join(ROOT, 'cli', 'main.ts'), 'run', nothing, '--input', '-']
    const { status, stderr, stdout } = spawnSync(process.execPath, args, { stdio: [directory], encoding: 'utf8' })
    closeSync(directory)
    expectRefusal({ code: status, stderr, stdout }, EXIT.UNREADABLE, 'cannot read standard input')
  })
})

describe('exit codes 70 and 71', () => {
  it('stand for a bug, without its stack', () => {
    const error = new TypeError('not a \u001b function')
    expect(explain(error)).toMatchObject({ code: EXIT.INTERNAL, what: 'internal error: not a \\u{1b} function' })
    expect(explain('thrown text')).toMatchObject({ code: EXIT.INTERNAL, what: 'internal error: thrown text' })
    expect(explain(error).next).toContain('please report it')
  })

  it('stand for a computer without enough memory', () => {
    const allocate = () => new ArrayBuffer(Number.MAX_SAFE_INTEGER)
    const error = (() => {
      try {
        return allocate()
      } catch (thrown) {
        return thrown
      }
    })()
    for (const each of [error, new MemoryExhausted(2 ** 32)])
      expect(explain(each)).toMatchObject({ code: EXIT.NO_MEMORY, next: expect.stringContaining('free some memory') })
  })
})

describe('exit code 74', () => {
  it.each([
    [files.path('missing/out'), 'no such file or folder'],
    [files.path('.'), 'it is a folder'],
    [join(nothing, 'out'), 'a part of the path is not a folder'],
  ])('refuses --output %s before the run', async (target, what) => {
    expectRefusal(
      await substep(['run', endless, '--max-steps', '10', '--output', target]),
      EXIT.UNWRITABLE,
      what,
      'check the path',
    )
  })

  it.runIf(process.platform === 'linux')('tells of a full device, named or standard output', async () => {
    const hello = wasm('hello', tasks.writing(Buffer.from('hello')))
    const named = await substep(['run', hello, '--output', '/dev/full'])
    expectRefusal(named, EXIT.UNWRITABLE, 'cannot write /dev/full: no space left on the device')
    const full = openSync('/dev/full', 'w')
    const args = [join(ROOT, 'cli', 'main.ts'), 'run', hello]
    const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' })
    closeSync(full)
    expectRefusal({ code: status, stderr, stdout: '' }, EXIT.UNWRITABLE, 'cannot write standard output')
  })
})

describe('exit code 130', () => {
  const interrupted = (stderr: string) => stderr.match(/^substep: interrupted after ([\d,]+) steps\n$/)?.[1]

  it('tells after how many steps a trace was interrupted', async () => {
    const child = start(['trace', endless, '--from', '0', '--to', FOREVER])
    const errors: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    child.stdout.once('data', () => child.kill('SIGINT'))
    child.stdout.resume()
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(interrupted(Buffer.concat(errors).toString())).toBeDefined()
    expect(code).toBe(EXIT.INTERRUPTED)
  })

  /** Seconds of processor time that a process has had: fields 14 and 15 of its status, in hundredths. */
  const processorSeconds = (pid: number) => {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(afterName[11]) + Number(afterName[12])) / 100
  }

  it.runIf(process.platform === 'linux')('tells after how many steps a run was interrupted', async () => {
    const child = start(['run', endless, '--max-steps', FOREVER, '--json'])
    const written = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk))
    child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk))
    // Far more than it takes to start: by then it runs.
    while (processorSeconds(child.pid ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGINT')
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(Number(interrupted(written.stderr)?.replaceAll(',', ''))).toBeGreaterThan(0)
    expect([code, written.stdout]).toEqual([EXIT.INTERRUPTED, ''])
  })
})

describe('exit code 141', () => {
  it('stands for a reader that went away, without a word', async () => {
    const child = start(['trace', endless, '--from', '0', '--to', FOREVER])
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect([code, stderr]).toEqual([EXIT.PIPE_CLOSED, ''])
  })
})

describe('--version', () => {
  it('is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    expect(await substep(['--version'])).toEqual({ code: EXIT.OK, stdout: `${version}\n`, stderr: '' })
  })
})
