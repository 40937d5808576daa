import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { RunReport } from '../../cli/report.ts'
import { exitCodeOf } from '../../cli/report.ts'
import { byteTreeRoot, lowerTask, Machine, programHeader, toHex } from '../../interpreter/index.ts'
import { scryptProofOfWork } from '../../wasm-tasks/index.ts'
import { folder, ROOT, substep, substepRaw } from '../helpers/command.ts'
import { asserting, beyondMemory, dividing, endless, nothing, writing } from '../helpers/small-tasks.ts'
import { wasmOf } from '../helpers/wat.ts'

const SCRYPT = join(ROOT, 'wasm-tasks/build/scrypt.wasm')
const GENESIS = join(ROOT, 'examples/litecoin-genesis.bin')

const files = folder()
afterAll(() => files.remove())

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

async function report(args: readonly string[]): Promise<RunReport> {
  const { stdout } = await substep(['run', '--json', ...args])
  return JSON.parse(stdout) as RunReport
}

describe('run --json', () => {
  it('reports what the machine and the reference of the task say', async () => {
    const input = new Uint8Array(readFileSync(GENESIS))
    const program = lowerTask(new Uint8Array(readFileSync(SCRYPT)))
    const machine = new Machine(program, input)
    machine.runTo(1e9)
    const { seconds, ...rest } = await report([SCRYPT, '--input', GENESIS])
    expect(rest).toEqual({
      outcome: 'halted',
      exitCode: 0,
      trap: null,
      trapCode: null,
      at: null,
      caller: null,
      abort: null,
      steps: machine.steps,
      tier: 'native',
      fallback: null,
      memoryPages: machine.registers.pages,
      stateHash: machine.stateHash(),
      programId: programHeader(program).programId,
      inputRoot: toHex(byteTreeRoot(input)),
      outputBytes: 32,
      outputSha256: sha256(scryptProofOfWork(input)),
    })
    expect(seconds).toBeGreaterThan(0)
  })

  it('names the trap and its place', async () => {
    const wasm = dividing()
    const file = files.write('dividing.wasm', wasm)
    expect(await report([file])).toMatchObject({
      outcome: 'trapped',
      exitCode: null,
      trap: 'integer divide by zero',
      trapCode: 3,
      at: { module: 'task', function: 'main', offset: wasm.lastIndexOf(0x6e), instruction: 'i32.div_u' },
      outputBytes: 4,
    })
  })

  it('names the call of a function of the task ABI that trapped', async () => {
    const wasm = beyondMemory()
    const found = await report([files.write('beyond.wasm', wasm)])
    expect(found).toMatchObject({ trap: 'out of bounds memory access', at: { module: 'substep' }, abort: null })
    expect(found.caller).toMatchObject({ module: 'task', function: 'main', offset: wasm.lastIndexOf(0x10) })
    expect(found.caller?.instruction).toBe('call 0')
  })

  it('has no caller where the task itself trapped', async () => {
    expect((await report([files.write('dividing.wasm', dividing())])).caller).toBeNull()
  })

  it('keeps what a failed assertion said', async () => {
    const file = files.write('asserting.wasm', asserting())
    const abort = { message: 'no', file: 'a.ts', line: 7, column: 3 }
    expect(await report([file])).toMatchObject({ outcome: 'trapped', trap: 'unreachable', abort })
    const { stdout } = await substep(['run', file])
    expect(stdout).toContain('\nabort       no, in a.ts, line 7, column 3\n')
  })

  it('takes no record for an abort unless the task trapped as the library does', async () => {
    expect(await report([files.write('halting.wasm', asserting({ trap: false }))])).toMatchObject({
      outcome: 'halted',
      abort: null,
    })
  })

  it('stops after exactly --max-steps, and says where', async () => {
    const file = files.write('endless.wasm', endless())
    const found = await report([file, '--max-steps', '12345'])
    expect(found).toMatchObject({ outcome: 'outOfSteps', exitCode: null, trap: null, trapCode: null, steps: 12345 })
    expect(found.at).toMatchObject({ function: 'main', instruction: 'br 0' })
    expect((await report([file, '--max-steps', '0'])).steps).toBe(0)
  })
})

/** Counts to a million, then does as told; a task that short is the interpreter's no more. */
const long = (end: string, locals = 0) =>
  wasmOf(`(module (import "substep" "output_write" (func $write (param i32 i32))) (memory 1)
    (data (i32.const 0) "\\68\\00\\00\\00\\cc\\00\\00\\00\\07\\00\\00\\00\\03")
    (data (i32.const 100) "\\04\\00\\00\\00n\\00o\\00")
    (data (i32.const 200) "\\08\\00\\00\\00a\\00.\\00t\\00s\\00")
    (func $same (param i32) (result i32) (local.get 0))
    (func (export "main") (local i32 ${'i32 '.repeat(locals)})
      (loop $l (i32.store (i32.const 300) (local.get 0))
        (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 1000000))))
      ${end}))`)

describe('run --tier', () => {
  const both = async (name: string, wasm: Uint8Array, more: readonly string[] = []) => {
    const file = files.write(`${name}.wasm`, wasm)
    const [native, interpreter] = await Promise.all([
      report([file, ...more]),
      report([file, ...more, '--tier', 'interpreter']),
    ])
    expect(interpreter).toMatchObject({ tier: 'interpreter', fallback: null })
    expect({ ...native, tier: '', seconds: 0, fallback: null }).toEqual({ ...interpreter, tier: '', seconds: 0 })
    return native
  }

  it.each([
    ['an end', '(call $write (i32.const 300) (i32.const 4))', { outcome: 'halted', exitCode: 0, outputBytes: 4 }],
    ['a trap', '(drop (i32.div_u (i32.const 1) (i32.const 0)))', { trapCode: 3, at: { instruction: 'i32.div_u' } }],
    ['a failed assertion', 'unreachable', { abort: { message: 'no', file: 'a.ts', line: 7, column: 3 } }],
    [
      'a trap in a function of the task ABI',
      '(call $write (i32.const 300) (i32.const 65536))',
      { at: { module: 'substep' }, caller: { module: 'task', instruction: 'call 0' }, abort: null },
    ],
  ])('native, unless told otherwise, tells the same of %s', async (name, end, expected) => {
    const found = await both(name, long(end))
    expect(found).toMatchObject({ ...expected, tier: 'native', fallback: null })
  })

  it('native stands at exactly --max-steps', async () => {
    const found = await both('stopped', long(''), ['--max-steps', '3456789'])
    expect(found).toMatchObject({ outcome: 'outOfSteps', steps: 3_456_789, tier: 'native' })
  })

  it('native says why the interpreter ran what the engine should have', async () => {
    const reason = 'a function with too many values at its safe points'
    const wasm = long('(local.set 0 (call $same (local.get 0)))'.repeat(200), 45_000)
    const found = await both('wide', wasm)
    expect(found).toMatchObject({ outcome: 'halted', tier: 'interpreter', fallback: reason })
    const { stdout, stderr } = await substep(['run', files.path('wide.wasm')])
    expect([stdout, stderr]).toEqual([expect.stringContaining(`\ntier        interpreter: ${reason}\n`), ''])
  })

  it('leaves what is soon over to the interpreter', async () => {
    const found = await report([files.write('nothing.wasm', nothing()), '--tier', 'native'])
    expect(found).toMatchObject({ tier: 'interpreter', fallback: null })
  })
})

describe('run', () => {
  const rows = (stdout: string) => stdout.replace(/\(.*steps\/s, .*? s\)/, '(speed)').split('\n')

  it('shows text as text, then the report', async () => {
    const file = files.write('hello.wasm', writing(Buffer.from('grüß dich')))
    const { code, stdout, stderr } = await substep(['run', file])
    expect(rows(stdout).slice(0, 7)).toEqual([
      'grüß dich',
      '',
      'outcome     halted, exit code 0',
      'output      11 bytes, above as text',
      expect.stringMatching(/^steps {7}\d+ \(speed\)$/),
      'tier        interpreter',
      'memory      64 KiB (1 page)',
    ])
    expect([code, stderr]).toEqual([0, ''])
  })

  it('leaves one empty line after a text that ends its line', async () => {
    const file = files.write('line.wasm', writing(Buffer.from('hello\n')))
    expect(rows((await substep(['run', file])).stdout).slice(0, 3)).toEqual([
      'hello',
      '',
      'outcome     halted, exit code 0',
    ])
  })

  it('shows what is no text in hex', async () => {
    const file = files.write('bytes.wasm', writing(Uint8Array.of(0xff, 0x1b, 0x00)))
    expect(rows((await substep(['run', file])).stdout)[0]).toBe('ff1b00')
  })

  it('tells where a trap happened', async () => {
    const wasm = dividing()
    const file = files.write('dividing.wasm', wasm)
    const { stdout } = await substep(['run', file])
    const offset = wasm.lastIndexOf(0x6e).toString(16)
    expect(rows(stdout)[2]).toBe('outcome     trapped: integer divide by zero')
    expect(rows(stdout)[3]).toMatch(
      new RegExp(`^at {10}i32.div_u in function main of task, offset 0x${offset}, pc \\d+$`),
    )
  })

  it('takes its input from standard input', async () => {
    const { stdout } = await substep(['run', SCRYPT, '--input', '-', '--json'], readFileSync(GENESIS))
    const expected = sha256(scryptProofOfWork(new Uint8Array(readFileSync(GENESIS))))
    expect(JSON.parse(stdout)).toMatchObject({ outputSha256: expected })
  })

  it('takes no input as no bytes', async () => {
    const file = files.write('nothing.wasm', nothing())
    expect((await report([file])).inputRoot).toBe(toHex(byteTreeRoot(new Uint8Array(0))))
  })

  it('writes the raw output to a file, over what was there', async () => {
    const bytes = Uint8Array.of(1, 2, 0xfe)
    const target = files.write('target', 'something longer')
    const { stdout } = await substep(['run', files.write('bytes.wasm', writing(bytes)), '--output', target])
    expect(new Uint8Array(readFileSync(target))).toEqual(bytes)
    expect(rows(stdout)[1]).toBe(`output      3 bytes, in ${target}`)
  })

  it('writes the raw output to standard output and the report elsewhere', async () => {
    const bytes = Uint8Array.of(1, 2, 0xfe)
    const file = files.write('bytes.wasm', writing(bytes))
    const text = await substepRaw(['run', file, '--output', '-'])
    const json = await substepRaw(['run', file, '--output', '-', '--json'])
    expect([new Uint8Array(text.stdout), new Uint8Array(json.stdout)]).toEqual([bytes, bytes])
    expect(text.stderr).toContain('halted, exit code 0')
    expect(JSON.parse(json.stderr)).toMatchObject({ outcome: 'halted' })
  })
})

describe('exitCodeOf', () => {
  it('is 0 for one outcome only', () => {
    expect(exitCodeOf({ outcome: 'halted', exitCode: 0 })).toBe(0)
    expect(exitCodeOf({ outcome: 'halted', exitCode: 7 })).toBe(1)
    expect(exitCodeOf({ outcome: 'trapped', exitCode: null })).toBe(1)
    expect(exitCodeOf({ outcome: 'outOfSteps', exitCode: null })).toBe(2)
  })
})
