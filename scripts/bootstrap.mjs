// Makes one command enough after `git clone`: installs the locked dependencies when they are missing or stale, then
// hands over to a Node that runs TypeScript. Plain JavaScript without imports of packages, valid on Node 20.
// Usage: node scripts/bootstrap.mjs [SCRIPT [ARGUMENTS]]; without a script it only installs.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const STAMP = join(ROOT, 'node_modules', '.substep-lock-hash')
const LOCAL_NODE = join(ROOT, 'node_modules', '.bin', 'node')
const MINIMUM_NODE = [22, 18]
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
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

const ADVICE = [
  [/spawn npm ENOENT/, 'install npm (it comes with Node), then run the same command again'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH/,
    'see whether `npm ping` answers, then run the same command again',
  ],
  [/ENOSPC/, 'free some disk space, then run the same command again'],
  [/EUSAGE/, 'bring package.json and package-lock.json together with `npm install`, then run the same command again'],
  [/.?/, 'run `npm ci` to see everything that npm says, then run the same command again'],
]

function failInstall({ code, stderr }) {
  const lines = stderr.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, ''))
  const telling = lines.filter((line) => line.trim() !== '' && !/^\s+at |complete log of this run/.test(line))
  const [, next] = ADVICE.find(([pattern]) => pattern.test(stderr))
  fail([`npm ci ended with ${code}`, ...telling.slice(0, 5)].join('\n  '), next)
}

/** Runs a command to its end. A terminal's Ctrl-C reaches it by itself; other signals are passed on. */
function run(command, args, options) {
  const child = spawn(command, args, options)
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const forward = (signal) => signal !== 'SIGINT' && child.kill(signal)
  for (const signal of SIGNALS) process.on(signal, forward)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: error.code, stderr: `${error}` }))
    child.on('close', (code, signal) => {
      for (const name of SIGNALS) process.off(name, forward)
      resolve({ code: code ?? 128 + constants.signals[signal], stderr })
    })
  })
}

async function install(hash) {
  const why = existsSync(join(ROOT, 'node_modules')) ? 'out of date or incomplete' : 'missing'
  say(`set-up: node_modules is ${why}; running \`npm ci\` (half a minute to a minute, 0.8 GB on disk) ...`)
  rmSync(STAMP, { force: true })
  const start = Date.now()
  const options = { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'], shell: process.platform === 'win32' }
  const result = await run('npm', npmArguments(), options)
  if (result.code !== 0) failInstall(result)
  writeFileSync(STAMP, hash)
  say(`set-up: done in ${((Date.now() - start) / 1000).toFixed(1)} s`)
}

/**
 * The local binaries come first on PATH, so that child processes meet the same Node. A script of the project runs in
 * its root; one given by its absolute path, as the command gives its own, stays where the caller is.
 */
async function handOver(script) {
  const node = HAS_LOCAL_NODE ? LOCAL_NODE : process.execPath
  const path = [dirname(LOCAL_NODE), process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH: path, HARDHAT_DISABLE_TELEMETRY: 'true' }
  const cwd = isAbsolute(script[0]) ? process.cwd() : ROOT
  const { code, stderr } = await run(node, script, { stdio: 'inherit', env, cwd })
  if (typeof code === 'string') fail(stderr, 'remove node_modules and run the same command again')
  process.exit(code)
}

requireUsableNode()
const hash = lockHash()
if (!isInstalled(hash)) await install(hash)
if (process.argv.length > 2) await handOver(process.argv.slice(2))
