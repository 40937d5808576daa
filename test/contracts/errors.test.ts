import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { artifacts } from 'hardhat'
import type { Abi } from 'viem'
import { describe, expect, test } from 'vitest'

/**
 * Every custom error of the interfaces has a case in some test: a call `revertsWith(…, 'Name')`, or `refuses(…, 'Name')`
 * where a file has made that of it, or `errorName: 'Name'` where an error is looked at more closely. A new error without
 * one fails here.
 */
const TESTS = join(import.meta.dirname, '..')
const CALL = /\b(?:revertsWith|refuses)\(/
const NAME = /'([A-Z]\w*)'/g
const LOOKED_AT = /errorName: '([A-Z]\w*)'/g

/** Text of the arguments of each call that expects an error. */
function calls(source: string): string[] {
  return source
    .split(CALL)
    .slice(1)
    .map((rest) => {
      let depth = 1
      let end = 0
      for (; depth > 0 && end < rest.length; end++) depth += rest[end] === '(' ? 1 : rest[end] === ')' ? -1 : 0
      return rest.slice(0, end)
    })
}

function raised(): Set<string> {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'))
  const sources = files.map((file) => readFileSync(join(TESTS, file), 'utf8'))
  const matches = sources.flatMap((source) => [
    ...calls(source).flatMap((text) => [...text.matchAll(NAME)]),
    ...source.matchAll(LOOKED_AT),
  ])
  return new Set(matches.map(([, name]) => name as string))
}

/** `Interface.Error` for every error declared in contracts/interfaces. */
async function declared(): Promise<{ name: string; in: string }[]> {
  const names = [...(await artifacts.getAllFullyQualifiedNames())]
  const interfaces = names.filter((name) => name.startsWith('contracts/interfaces/'))
  const all = await Promise.all(interfaces.map((name) => artifacts.readArtifact(name)))
  return all.flatMap(({ abi, contractName }) =>
    (abi as Abi).flatMap((item) => (item.type === 'error' ? [{ name: item.name, in: contractName }] : [])),
  )
}

describe('custom errors', () => {
  test('each one of the interfaces is raised by a test', async () => {
    const errors = await declared()
    const cases = raised()
    expect(errors.length).toBeGreaterThan(80)
    expect(errors.filter(({ name }) => !cases.has(name)).map((error) => `${error.in}.${error.name}`)).toEqual([])
  })
})
