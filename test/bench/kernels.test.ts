import { describe, expect, it } from 'vitest'
import { fibAnswer, nbodyAnswer, sieveAnswer } from '../../bench/kernels/answers.ts'
import { buildKernel, KERNEL_NAMES, KERNELS } from '../../bench/kernels/index.ts'
import { lowerTask, NativeMachine } from '../../interpreter/index.ts'

const MOST_STEPS = 1e9

describe('KERNELS', () => {
  it.each(KERNEL_NAMES)('%s answers what is known otherwise, twice in the engine and as a task', async (name) => {
    const size = Math.ceil(KERNELS[name].short / 20)
    const answer = Buffer.from(KERNELS[name].answer(size)).toString('hex')
    const wasm = await buildKernel(name, size)
    const answers: string[] = []
    const instance: WebAssembly.Instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), {
      substep: {
        output_write(pointer: number, length: number) {
          const { memory } = instance.exports as { memory: WebAssembly.Memory }
          answers.push(Buffer.from(memory.buffer, pointer, length).toString('hex'))
        },
      },
    })
    const { main } = instance.exports as { main(): void }
    main()
    main()
    const machine = new NativeMachine(lowerTask(wasm, { keepSources: true }), new Uint8Array(0))
    machine.runTo(MOST_STEPS)
    expect(machine.report.fallback).toBe(null)
    expect([...answers, Buffer.from(machine.output()).toString('hex')]).toEqual([answer, answer, answer])
  })
})

describe('the answers', () => {
  const first = (answer: Uint8Array) => new DataView(answer.buffer)

  it('know how many primes there are below a million and below 20 million', () => {
    expect(first(sieveAnswer(1_000_000)).getUint32(0, true)).toBe(78_498)
    expect(first(sieveAnswer(KERNELS.sieve.full)).getUint32(0, true)).toBe(1_270_607)
  })

  it('know the 38th Fibonacci number', () => {
    expect(first(fibAnswer(KERNELS.fib.full)).getUint32(0, true)).toBe(39_088_169)
  })

  it('know the energy that the Benchmarks Game publishes for a thousand steps', () => {
    expect(first(nbodyAnswer(1000)).getFloat64(0, true).toFixed(9)).toBe('-0.169087605')
  })
})
