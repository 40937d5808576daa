// Makes one command enough after `git clone`: installs the locked dependencies when they are missing or stale, then
// hands over to a Node that runs TypeScript. Plain JavaScript without imports of packages, valid on Node 20.
// Usage: node scripts/bootstrap.mjs [SCRIPT [ARGUMENTS]]; without a script it only installs.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const STAMP = join(ROOT, 'node_modules', '.substep-lock-hash')
const LOCAL_NODE = join(ROOT, 'node_modules', '.bin', 'node')
const MINIMUM_NODE = [22, 18]
const HAS_LOCAL_NODE = process.platform === 'linux' && process.arch === 'x64'

function say(line) {
  process.stderr.write(`${line}\n`)
}

function fail(cause, next) {
  say(`set-up failed: ${cause}`)
  say(`next: ${next}`)
  process.exit(1)
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex')
}

/** The stamp is written last, so an interrupted install leaves none. */
function isInstalled(hash) {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash && (!HAS_LOCAL_NODE || existsSync(LOCAL_NODE))
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])
}

function requireUsableNode() {
  if (HAS_LOCAL_NODE || isNewEnough(process.versions.node)) return
  const found = `Node ${process.versions.node} on ${process.platform}-${process.arch}`
  fail(
    `${found}; Node ${MINIMUM_NODE.join('.')} or newer is needed`,
    'install it from https://nodejs.org and try again',
  )
}

/** `--force` elsewhere than on linux-x64: npm would refuse the Node binary and the EVM binding locked for that platform. */
function npmArguments() {
  const quiet = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  return HAS_LOCAL_NODE ? quiet : [...quiet, '--force']
}

function causeOf(result) {
  if (result.error?.code === 'ENOENT') return 'npm was not found'
  if (result.error) return result.error.message
  if (result.signal) return `npm ci was stopped by ${result.signal}`
  const lines = result.stderr.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, ''))
  const telling = lines.filter((line) => line.trim() !== '' && !line.includes('complete log of this run'))
  return `npm ci ended with ${result.status}\n  ${telling.slice(0, 6).join('\n  ')}`
}

function adviceFor(result) {
  if (result.error?.code === 'ENOENT') return 'install npm (it comes with Node), then try again'
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/i.test(result.stderr ?? '')) {
    return 'check the network with `npm ping`, then run the same command again'
  }
  if (/ENOSPC/.test(result.stderr ?? '')) return 'free some disk space, then run the same command again'
  return 'run `npm ci` to see everything npm says, then run the same command again'
}

function install(hash) {
  const why = existsSync(join(ROOT, 'node_modules')) ? 'out of date or incomplete' : 'missing'
  say(`set-up: node_modules is ${why}; running \`npm ci\` (about half a minute, 0.8 GB on disk) ...`)
  rmSync(STAMP, { force: true })
  const start = Date.now()
  const options = {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
  }
  const result = spawnSync('npm', npmArguments(), options)
  if (result.error || result.status !== 0) fail(causeOf(result), adviceFor(result))
  writeFileSync(STAMP, hash)
  say(`set-up: done in ${((Date.now() - start) / 1000).toFixed(1)} s`)
}

/** The local binaries come first on PATH, so that child processes meet the same Node. */
function environment() {
  const path = [dirname(LOCAL_NODE), process.env.PATH].join(delimiter)
  return { ...process.env, PATH: path, HARDHAT_DISABLE_TELEMETRY: 'true' }
}

/** Runs the script with the outcome as its own; a terminal's Ctrl-C reaches the child by itself, other signals are passed on. */
function handOver(script) {
  const node = HAS_LOCAL_NODE ? LOCAL_NODE : process.execPath
  const child = spawn(node, script, { cwd: ROOT, stdio: 'inherit', env: environment() })
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`${node}: ${error.message}`, 'remove node_modules and run the same command again'))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

requireUsableNode()
const hash = lockHash()
if (!isInstalled(hash)) install(hash)
if (process.argv.length > 2) handOver(process.argv.slice(2))
