import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Deployment, writeDeployment } from '../../deployment/index.ts'
import type { Table } from './cast.ts'

/** A folder of the demo's own: it goes when the demo does. */
export interface LaidTable extends Table {
  readonly deploymentFile: string
  clear(): void
}

/** Writes down where the market is, and makes room for what the players fetch. */
export function layTable(url: string, deployment: Deployment): LaidTable {
  const folder = mkdtempSync(join(tmpdir(), 'substep-demo-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const deploymentFile = join(folder, 'deployment.json')
  writeDeployment(deploymentFile, deployment)
  return {
    url,
    market: deployment.addresses.market,
    deploymentFile,
    contentFolder: (role) => join(folder, role),
    clear() {
      process.off('exit', remove)
      remove()
    },
  }
}
