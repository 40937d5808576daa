import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type ArenaSettings, type Hash, LocalArena } from './local-arena.ts'

/** One arena for the tests of a block; each of them finds it as it was deployed. */
export function useArena(settings: Partial<ArenaSettings>): { current: LocalArena } {
  const used = {} as { current: LocalArena }
  let clean: Hash
  beforeAll(async () => {
    used.current = await LocalArena.create(settings)
  })
  beforeEach(async () => {
    clean = await used.current.snapshot()
  })
  afterEach(() => used.current.restore(clean))
  afterAll(() => used.current.close())
  return used
}
