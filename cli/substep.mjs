#!/usr/bin/env node
// The `substep` command. A checkout runs its sources on the Node of scripts/bootstrap.mjs; the published package, which
// has no scripts, is built. Plain JavaScript without imports of packages, valid on Node 20.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url))

if (existsSync(pathOf('../scripts/bootstrap.mjs'))) {
  process.argv.splice(2, 0, pathOf('main.ts'))
  await import('../scripts/bootstrap.mjs')
} else {
  await import('../dist/cli/main.js')
}
