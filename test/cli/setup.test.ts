import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.ts'
import { defaultRules, deploymentPath, readDeployment, writeDeployment } from '../../deployment/index.ts'
import { folder } from '../helpers/command.ts'
import { substepHere } from '../helpers/command-here.ts'
import { type ServedChain, servedChain } from '../helpers/served-chain.ts'

const CHAIN = 31337
const NOWHERE = 'http://127.0.0.1:1'
const files = folder()
let chain: ServedChain
let key: `0x${string}`
let known: string

beforeAll(async () => {
  chain = await servedChain('owner')
  key = await chain.keyOf('owner')
  known = files.path('known.json')
  writeDeployment(known, chain.deployment)
})
afterAll(async () => {
  await chain?.close()
  files.remove()
})

async function expectRefusal(
  args: readonly string[],
  code: number,
  what: string,
  next: string,
  by: string | undefined,
) {
  const ended = await substepHere(args, by)
  expect(ended.stderr).toContain(what)
  expect(ended.stderr).toContain(`next: ${next}`)
  expect(ended.stderr).not.toContain(key.slice(2))
  expect([ended.code, ended.stdout]).toEqual([code, ''])
}

describe('deploy', () => {
  it('writes a deployment with the rules that were asked for, and verifies it', async () => {
    const out = files.path('new.json')
    const rules = files.write('rules.json', JSON.stringify({ challenge: 600, bond: '2000000000000000000' }))
    const args = ['deploy', '--rpc', chain.url, '--rules', rules, '--arity', '8', '--out', out]
    const { code, stdout, stderr } = await substepHere(args, key)
    expect({ code, stderr }).toEqual({ code: EXIT.OK, stderr: '' })
    expect(stdout.match(/0x[0-9a-fA-F]{40} {2}verified\n/g)).toHaveLength(6)
    const deployment = readDeployment(out, CHAIN)
    expect(deployment.rules).toEqual({ ...defaultRules(8n), challenge: 600n, bond: 2n * 10n ** 18n })
    const verified = await substepHere(['deploy', '--verify', '--rpc', chain.url, '--deployment', out, '--json'])
    expect(JSON.parse(verified.stdout)).toMatchObject({ ...JSON.parse(readFileSync(out, 'utf8')), file: out })
  })

  it('takes a token that is there, and leaves it unjudged', async () => {
    const { token } = chain.deployment.addresses
    const out = files.path('token.json')
    const { stdout } = await substepHere(['deploy', '--rpc', chain.url, '--token', token, '--out', out, '--json'], key)
    expect(JSON.parse(stdout)).toMatchObject({ addresses: { token } })
  })

  it('says which contract is not the one of the file', async () => {
    const { addresses } = chain.deployment
    const wrong = files.path('wrong.json')
    writeDeployment(wrong, { ...chain.deployment, addresses: { ...addresses, stepper: addresses.registry } })
    const args = ['deploy', '--verify', '--rpc', chain.url, '--deployment', wrong]
    await expectRefusal(args, EXIT.NOT_SET_UP, 'addresses.stepper is', 'do not use this deployment', undefined)
  })

  it('overwrites no deployment', async () => {
    const before = readFileSync(known, 'utf8')
    const args = ['deploy', '--rpc', chain.url, '--out', known]
    await expectRefusal(args, EXIT.NOT_SET_UP, `${known} is there already`, 'give another --out', key)
    expect(readFileSync(known, 'utf8')).toBe(before)
  })

  it('refuses bad rules, places and tokens before it sends anything', async () => {
    const deploy = ['deploy', '--rpc', chain.url, '--out', files.path('never.json')]
    const bad = files.write('bad.json', JSON.stringify({ challenge: 0 }))
    const cases = [
      [[...deploy, '--rules', bad], EXIT.REFUSED, `${bad}: rules challenge is 0`, 'correct the file'],
      [[...deploy, '--rules', files.path('none.json')], EXIT.UNREADABLE, 'none.json', 'check the file'],
      [[...deploy, '--token', `0x${'12'.repeat(20)}`], EXIT.NOT_SET_UP, 'there is no contract', 'check the address'],
      [
        ['deploy', '--rpc', chain.url, '--out', files.path('no/where.json')],
        EXIT.UNWRITABLE,
        'cannot write',
        'check the path',
      ],
    ] as const
    for (const [args, code, what, next] of cases) await expectRefusal(args, code, what, next, key)
    expect((await substepHere([...deploy, '--arity', '33'], key)).stderr).toContain('Give a number from 2 to 32.')
    expect(existsSync(files.path('never.json'))).toBe(false)
  })
})

const TASK = `0x${'12'.repeat(32)}`
const ASK = ['request', '--program', TASK, '--max-steps', '1', '--max-price', '1gwei']
/** One command line of each kind that needs a key, and those that do not. */
const SIGNING = [
  ['stake', 'deposit', '1'],
  ['stake', 'withdraw', '1'],
  ['stake', 'operator', `0x${'12'.repeat(20)}`, '--revoke'],
  ['program', 'publish', 'wasm-tasks/build/sha256.wasm'],
  ASK,
  ['task', 'cancel', TASK],
  ['task', 'refund', TASK],
]
const READING = [
  ['stake', 'status', `0x${'12'.repeat(20)}`],
  ['program', 'show', TASK],
  ['task', 'show', TASK],
  ['task', 'watch', TASK],
  ['replay', TASK],
]

describe('a command that signs', () => {
  it.each(SIGNING)('needs a key: %s %s', async (...args) => {
    const full = [...args, '--rpc', chain.url, '--deployment', known]
    await expectRefusal(full, EXIT.NOT_SET_UP, 'no private key in SUBSTEP_KEY', 'put the private key into', undefined)
  })

  it.each(['0x12', 'secret', `0x${'0'.repeat(64)}`, `0x${'g'.repeat(64)}`])('takes no key like %s', async (text) => {
    const args = ['stake', 'deposit', '1', '--rpc', chain.url, '--deployment', known]
    await expectRefusal(args, EXIT.NOT_SET_UP, 'SUBSTEP_KEY does not hold a private key', 'check it', text)
    const file = files.write('key', `${text}\n`)
    const what = `${file} does not hold a private key`
    await expectRefusal([...args, '--key-file', file], EXIT.NOT_SET_UP, what, 'check it', key)
  })

  it('reads the key from a file', async () => {
    const file = files.write('key', `${key}\n`)
    const args = ['stake', 'status', '--rpc', chain.url, '--deployment', known, '--key-file', file]
    expect((await substepHere(args)).code).toBe(EXIT.OK)
    const missing = ['stake', 'status', '--rpc', chain.url, '--key-file', files.path('no-key')]
    await expectRefusal(missing, EXIT.UNREADABLE, 'cannot read', 'check the path', undefined)
  })
})

describe('a command that looks at a chain', () => {
  it.each([...SIGNING, ...READING])('says that no node answers: %s %s', { timeout: 30_000 }, async (...args) => {
    const full = [...args, '--rpc', NOWHERE]
    await expectRefusal(full, EXIT.UNAVAILABLE, `no JSON-RPC node answers at ${NOWHERE}`, 'check --rpc', key)
  })

  it.each([...SIGNING, ...READING])('says that it knows no deployment: %s %s', async (...args) => {
    const missing = files.path('missing.json')
    const full = [...args, '--rpc', chain.url, '--deployment', missing]
    await expectRefusal(full, EXIT.NOT_SET_UP, `${missing} is missing`, 'give --deployment, or deploy', key)
  })

  it('refuses the deployment of another chain, and files that are none', async () => {
    const other = files.path('other.json')
    writeDeployment(other, { ...chain.deployment, chainId: 1 })
    const show = ['task', 'show', TASK, '--rpc', chain.url, '--deployment']
    const what = `${other} is for chain 1, the node is on chain ${CHAIN}`
    await expectRefusal([...show, other], EXIT.NOT_SET_UP, what, 'give the deployment of this chain', undefined)
    const bad = files.write('bad.json', '{"chainId": 31337}')
    await expectRefusal([...show, bad], EXIT.REFUSED, `${bad}: addresses is missing`, 'correct the file', undefined)
  })

  it('looks for the deployment of the chain in the folder where it is run', async () => {
    const [before, task] = [process.cwd(), ['task', 'show', TASK, '--rpc', chain.url]]
    process.chdir(files.path('.'))
    try {
      const what = `deployments/${CHAIN}.json is missing`
      await expectRefusal(task, EXIT.NOT_SET_UP, what, 'give --deployment', undefined)
      writeDeployment(files.path(deploymentPath(CHAIN)), chain.deployment)
      await expectRefusal(task, EXIT.NOT_NOW, `no task ${TASK} was ever requested`, 'check the id', undefined)
    } finally {
      process.chdir(before)
    }
  })

  it.each(['localhost:8545', 'ws://localhost:8545', ''])('takes no URL like %j', async (url) => {
    const { code, stderr } = await substepHere(['task', 'show', TASK, '--rpc', url])
    expect(stderr).toContain('Give a URL that begins with http:// or https://.')
    expect(code).toBe(EXIT.USAGE)
  })

  it('knows that a market of no such address does not answer', async () => {
    const { addresses } = chain.deployment
    const empty = files.path('empty.json')
    writeDeployment(empty, { ...chain.deployment, addresses: { ...addresses, market: `0x${'12'.repeat(20)}` } })
    const { code, stderr } = await substepHere(['task', 'show', TASK, '--rpc', chain.url, '--deployment', empty])
    expect(stderr).toContain('next: check the node, and try again')
    expect(code).toBe(EXIT.UNAVAILABLE)
  })
})
