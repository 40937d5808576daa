import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ARTIFACTS = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'artifacts')

/** What is read of a compiled contract. */
export interface Artifact {
  readonly abi: readonly unknown[]
  readonly bytecode: string
  readonly deployedBytecode: string
  /** By the number of the variable in its syntax tree: where its value stands in the deployed code. */
  readonly immutableReferences: Readonly<Record<string, readonly { readonly start: number; readonly length: number }[]>>
  readonly buildInfoId: string
}

/** The compiled contract to read is not there. */
export class ArtifactMissing extends Error {
  override readonly name = 'ArtifactMissing'
  readonly path: string
  constructor(path: string) {
    super(`${path} is missing\n  next: npm run compile`)
    this.path = path
  }
}

/**
 * A contract as Hardhat compiled it, by its place below contracts/, such as `game/Games.sol/Games`.
 * @throws ArtifactMissing
 */
export const artifactOf = (contract: string): Artifact => readJson(join('contracts', `${contract}.json`)) as Artifact

/** All that the compiler said when it compiled the contract. */
export const compilerOutputOf = ({ buildInfoId }: Artifact): unknown =>
  readJson(join('build-info', `${buildInfoId}.output.json`))

function readJson(name: string): unknown {
  const path = join(ARTIFACTS, name)
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new ArtifactMissing(path) : error
  }
}
