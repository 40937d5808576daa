import { describe, expect, it } from 'vitest'
import { optionsOf, UsageError } from '../../../bench/frame/options.ts'

const ALL = ['gas', 'merkle', 'merkle-trace', 'native']

describe('optionsOf', () => {
  it('chooses all benchmarks, or those whose names contain a word', () => {
    expect(optionsOf([], ALL)).toEqual({ json: undefined, names: ALL })
    expect(optionsOf(['merkle'], ALL)?.names).toEqual(['merkle', 'merkle-trace'])
    expect(optionsOf(['trace', '--json', 'figures.json', 'gas'], ALL)).toEqual({
      json: 'figures.json',
      names: ['gas', 'merkle-trace'],
    })
  })

  it('gives help nothing to run', () => {
    expect(optionsOf(['--help', 'gas'], ALL)).toBeUndefined()
  })

  it.each([
    [['nativ', 'other'], 'no benchmark is called other; there are: gas, merkle, merkle-trace, native'],
    [['--jsom', 'file'], '--jsom'],
    [['--json'], '--json'],
    [['--json='], '--json wants the name of a file'],
    [['--help=yes'], '--help'],
  ])('refuses %j and says why', (args, why) => {
    expect(() => optionsOf(args, ALL)).toThrow(UsageError)
    expect(() => optionsOf(args, ALL)).toThrow(why)
  })
})
