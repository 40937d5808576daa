import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addChainCommands } from '../../cli/chain/commands.ts'
import { EXIT } from '../../cli/exit.ts'
import { substep } from '../../cli/program.ts'
import { substepHere } from '../helpers/command-here.ts'

/** The words that lead to each command, and to those below it. */
const pathsOf = (command: Command, path: readonly string[] = []): readonly (readonly string[])[] => [
  path,
  ...command.commands.flatMap((below) => pathsOf(below, [...path, below.name()])),
]

/** These show the flags of their daemons instead. */
const DAEMONS = ['solve', 'verify']

describe('--help', () => {
  const program = substep(() => {})
  addChainCommands(program, () => {})
  const paths = pathsOf(program)

  it.each(paths.map((path) => [...path, '--help'].join(' ')))('%s documents every exit code', async (line) => {
    const { code, stdout, stderr } = await substepHere(line.split(' '))
    expect({ code, stderr }).toEqual({ code: EXIT.OK, stderr: '' })
    if (DAEMONS.includes(line.split(' ')[0] ?? '')) return
    for (const exit of Object.values(EXIT)) expect(stdout).toMatch(new RegExp(`^ +${exit} {2}\\S`, 'm'))
  })

  it('is there for all commands', () => expect(paths.length).toBeGreaterThan(20))
})
