/** The rules of layering, as a pure check over the text of the sources. */
import { posix } from 'node:path'

export interface SourceFile {
  /** From the root of the project, with forward slashes. */
  readonly path: string
  readonly text: string
}

type Layers = Readonly<Record<string, readonly string[]>>

/** What each folder may import, in order of dependence. */
const TYPESCRIPT_LAYERS: Layers = {
  spec: [],
  interpreter: ['spec'],
  protocol: ['spec', 'interpreter'],
  daemon: ['spec', 'interpreter', 'protocol', 'deployment'],
  solver: ['spec', 'interpreter', 'protocol', 'daemon'],
  verifier: ['spec', 'interpreter', 'protocol', 'daemon'],
  auditor: ['spec', 'interpreter', 'protocol'],
  client: ['spec', 'interpreter', 'protocol'],
  deployment: ['spec', 'interpreter', 'protocol'],
  cli: ['spec', 'interpreter', 'protocol', 'daemon', 'solver', 'verifier', 'auditor', 'deployment', 'client'],
  web: ['spec', 'interpreter', 'protocol'],
  'wasm-tasks': [],
}
/** Tools around the product: they use every folder, the first two their inner files as well. */
const OPENS_INNER_FILES = ['test', 'bench']
const TOOLS = [...OPENS_INNER_FILES, 'scripts', 'examples']

const SOLIDITY_LAYERS: Layers = {
  interfaces: [],
  generated: [],
  commit: ['interfaces', 'generated'],
  machine: ['interfaces', 'generated', 'commit'],
  game: ['interfaces', 'generated', 'commit'],
  // The market opens final states, and the registry makes initial ones: both are commitments, not steps.
  market: ['interfaces', 'generated', 'commit', 'game'],
  examples: ['interfaces', 'market'],
}
const MACHINE_SIDE = ['commit', 'machine']
const STEPPER = 'contracts/interfaces/IStepper.sol'

/** Folders that run in a browser and give the same answer each time. */
const PURE = ['spec', 'interpreter', 'protocol', 'client', 'auditor']
const IMPURE = /\bDate\b|\bperformance\b|\bBuffer\b|\bprocess\.|\bMath\.random\b|\bgetRandomValues\b|\brandomUUID\b/g

const NO_SUCH_FOLDER = ['src', 'utils']
const COMMENT = /\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm
const TYPESCRIPT_IMPORT = /\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g
const SOLIDITY_IMPORT = /\bimport\b[^;'"]*["']([^"']+)["']/g

/** Every breach of the rules, as `path: what is wrong`. */
export function violations(files: readonly SourceFile[]): string[] {
  const found = files.flatMap((file) => breachesOf(file).map((breach) => `${file.path}: ${breach}`))
  return [...found, ...sharedInterfaces(files)]
}

function breachesOf(file: SourceFile): string[] {
  const code = file.text.replace(COMMENT, '')
  return [
    ...folderBreaches(file.path),
    ...(file.path.endsWith('.sol') ? solidity(file.path, code) : typescript(file.path, code)),
  ]
}

function folderBreaches(path: string): string[] {
  const folders = path.split('/').slice(0, -1)
  const banned = folders.filter(
    (name) => NO_SUCH_FOLDER.includes(name) || (name === 'helpers' && folders[0] !== 'test'),
  )
  return banned.map((name) => `no folder may be called ${name} here`)
}

function typescript(path: string, code: string): string[] {
  const from = topOf(path)
  const isTool = TOOLS.includes(from) || from === ''
  if (!isTool && TYPESCRIPT_LAYERS[from] === undefined) return [`${from} has no place in the order of dependence`]
  const imports = matches(code, TYPESCRIPT_IMPORT)
  const local = imports.filter((name) => name.startsWith('.')).map((name) => posix.join(posix.dirname(path), name))
  return [
    ...(isTool ? [] : local.flatMap((target) => layerBreach(TYPESCRIPT_LAYERS, from, topOf(target)))),
    ...(OPENS_INNER_FILES.includes(from) ? [] : local.flatMap((target) => doorBreach(from, target))),
    ...(PURE.includes(from) ? impurities(imports, code) : []),
  ]
}

function layerBreach(layers: Layers, from: string, to: string): string[] {
  return from === to || layers[from]?.includes(to) ? [] : [`${from} must not import ${to === '' ? 'the root' : to}`]
}

function doorBreach(from: string, target: string): string[] {
  const to = topOf(target)
  const guarded = to !== from && TYPESCRIPT_LAYERS[to] !== undefined
  return guarded && target !== `${to}/index.ts` ? [`${target} is not the door of ${to}`] : []
}

function impurities(imports: readonly string[], code: string): string[] {
  const builtIns = imports.filter((name) => name.startsWith('node:'))
  return [...builtIns, ...(code.match(IMPURE) ?? [])].map((name) => `${name} does not belong in a pure folder`)
}

function solidity(path: string, code: string): string[] {
  const from = contractFolder(path)
  if (topOf(path) !== 'contracts' || from === 'mocks') return []
  if (SOLIDITY_LAYERS[from] === undefined) return [`contracts/${from} has no place in the order of dependence`]
  return solidityTargets(path, code).flatMap((target) => {
    if (topOf(target) === 'contracts') return layerBreach(SOLIDITY_LAYERS, from, contractFolder(target))
    return MACHINE_SIDE.includes(from) ? [`the machine imports nothing from outside: ${target}`] : []
  })
}

/** The game may share one interface with the machine: the stepper's. */
function sharedInterfaces(files: readonly SourceFile[]): string[] {
  const seenBy = (folders: readonly string[]): [string, string][] =>
    files
      .filter(({ path }) => path.startsWith('contracts/') && folders.includes(contractFolder(path)))
      .flatMap(({ path, text }) =>
        solidityTargets(path, text.replace(COMMENT, '')).map((to): [string, string] => [path, to]),
      )
      .filter(([, to]) => contractFolder(to) === 'interfaces' && to !== STEPPER)
  const machine = new Set(seenBy(['machine']).map(([, to]) => to))
  return seenBy(['game'])
    .filter(([, to]) => machine.has(to))
    .map(([path, to]) => `${path}: the game knows the machine only by IStepper, not ${to}`)
}

function solidityTargets(path: string, code: string): string[] {
  return matches(code, SOLIDITY_IMPORT).map((name) =>
    name.startsWith('.') ? posix.join(posix.dirname(path), name) : name,
  )
}

function matches(code: string, pattern: RegExp): string[] {
  return [...code.matchAll(pattern)].map((match) => match[1] ?? '')
}

/** The first folder of a path, or '' for a file in the root. */
function topOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : ''
}

function contractFolder(path: string): string {
  return path.split('/')[1] ?? ''
}
