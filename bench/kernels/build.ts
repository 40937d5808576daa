import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../../scripts/build-tasks/compile.ts'
import { wasmOf } from '../../test/helpers/wat.ts'

/** A fast result before a small one, no names: what a module grows by is code. */
const FLAGS = [
  ...['--runtime', 'stub', '--optimizeLevel', '3', '--shrinkLevel', '0', '--noColors'],
  ...['--use', 'abort=wasm-tasks/lib/abort/abort'],
]
const ASSEMBLY = 'bench/kernels/assembly'

/** A kernel of the given size as a task module: AssemblyScript, or text where a compiler would hide the point. */
export async function buildKernel(name: string, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const text = join(import.meta.dirname, `${name}.wat`)
  if (existsSync(text)) return wasmOf(readFileSync(text, 'utf8').replaceAll('SIZE', String(size)), text)
  const sizes = new Map([[`${ASSEMBLY}/size.ts`, `export const SIZE: u32 = ${size}\n`]])
  return Uint8Array.from(await compile(`${ASSEMBLY}/${name}.ts`, FLAGS, sizes))
}
