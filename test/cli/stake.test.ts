import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/exit.ts'
import { DEFAULT_RULES, writeDeployment } from '../../deployment/index.ts'
import { folder } from '../helpers/command.ts'
import { substepHere } from '../helpers/command-here.ts'
import { type ServedChain, servedChain } from '../helpers/served-chain.ts'

const TOKEN = 10n ** 18n
const files = folder()
let chain: ServedChain
let owner: `0x${string}`

beforeAll(async () => {
  chain = await servedChain('owner')
  owner = await chain.keyOf('owner')
  writeDeployment(files.path('deployment.json'), chain.deployment)
})
afterAll(async () => {
  await chain?.close()
  files.remove()
})

interface Account {
  readonly free: string
  readonly locked: string
  readonly ether: string
  readonly unbonding: { readonly amount: string; readonly readyAt: number }
  readonly time: number
}

const addressOf = (key: `0x${string}`) => privateKeyToAccount(key).address
const stake = (args: readonly string[], key: string | undefined = owner) =>
  substepHere(['stake', ...args, '--rpc', chain.url, '--deployment', files.path('deployment.json')], key)

async function done(args: readonly string[], key = owner): Promise<{ account: Account; transactions: unknown[] }> {
  const { code, stdout, stderr } = await stake([...args, '--json'], key)
  expect({ code, stderr }).toEqual({ code: EXIT.OK, stderr: '' })
  return JSON.parse(stdout)
}

async function expectRefusal(args: readonly string[], code: number, what: string, next: string, key = owner) {
  const ended = await stake(args, key)
  expect(ended.stderr).toContain(`substep: ${what}`)
  expect(ended.stderr).toContain(`next: ${next}`)
  expect([ended.code, ended.stdout]).toEqual([code, ''])
}

describe('stake', () => {
  it('deposits tokens in one transaction by a permit, and ether in another', async () => {
    const { account, transactions } = await done(['deposit', '2500.5', '--ether', '1.5eth'])
    expect(transactions).toHaveLength(2)
    expect(account).toMatchObject({ free: `${(25005n * TOKEN) / 10n}`, locked: '0', ether: `${15n * 10n ** 17n}` })
  })

  it('deposits for somebody else', async () => {
    const friend = addressOf(await chain.keyOf('friend'))
    const { account } = await done(['deposit', '1000', '--owner', friend])
    expect(account).toMatchObject({ owner: friend, free: `${1000n * TOKEN}` })
    const { stdout, code } = await stake(['status', friend], undefined)
    expect(stdout).toContain('1,000 SUBSTEP, enough for 1 entry')
    expect(code).toBe(EXIT.OK)
  })

  it('unbonds, says when, and pays out then', async () => {
    const { account } = await done(['withdraw', '500'])
    const { unbonding, time } = account
    expect(unbonding).toEqual({ amount: `${500n * TOKEN}`, readyAt: time + Number(DEFAULT_RULES.unbondingTime) })
    const date = new Date(unbonding.readyAt * 1000).toISOString().slice(0, 10)
    await expectRefusal(['withdraw'], EXIT.NOT_NOW, `500 SUBSTEP unbond until ${date}`, 'withdraw again from then on')
    await chain.pass(DEFAULT_RULES.unbondingTime)
    const to = addressOf(await chain.keyOf('purse'))
    const { account: after } = await done(['withdraw', '100', '--to', to])
    expect(after.unbonding.amount).toBe(`${100n * TOKEN}`)
    const { account: cancelled } = await done(['withdraw', '--cancel'])
    expect(cancelled.unbonding.amount).toBe('0')
    await expectRefusal(['withdraw'], EXIT.NOT_NOW, 'nothing unbonds', 'say how many tokens shall')
  })

  it('pays ether out', async () => {
    const { account } = await done(['withdraw', '--ether', '100gwei'])
    expect(account.ether).toBe(`${15n * 10n ** 17n - 10n ** 11n}`)
  })

  it('sets operators and takes them back', async () => {
    const operator = addressOf(await chain.keyOf('operator'))
    expect((await stake(['operator', operator, '--cap', '1000'])).code).toBe(EXIT.OK)
    expect((await stake(['status'])).stdout).toContain(`${operator}, 0 SUBSTEP of 1,000 SUBSTEP used`)
    expect((await stake(['operator', operator, '--revoke'])).code).toBe(EXIT.OK)
    expect(JSON.parse((await stake(['status', '--json'])).stdout)).toMatchObject({ operators: [] })
  })

  it.each([
    [['deposit'], EXIT.USAGE, 'nothing to deposit', 'give a number of tokens, --ether, or both'],
    [['deposit', '0.1234567890123456789'], EXIT.USAGE, '0.1234567890123456789 has too many', 'SUBSTEP has 18'],
    [['deposit', '1000000001'], EXIT.NOT_NOW, '0x', 'send it some: the token is 0x'],
    [['deposit', '--ether', '101eth'], EXIT.NOT_NOW, 'the account has 9', 'send it some ether'],
    [
      ['deposit', '--ether', '1wei'],
      EXIT.NOT_NOW,
      'the chain would have refused with NotWholeGwei(1)',
      'docs/protocol.md',
    ],
    [['withdraw', '1', '--cancel'], EXIT.USAGE, '--cancel with an amount', 'unbond tokens, or stop'],
    [['withdraw', '100000'], EXIT.NOT_NOW, '2,000.5 SUBSTEP are free stake, 100,000 SUBSTEP', 'locked stake'],
    [['withdraw', '--ether', '3eth'], EXIT.NOT_NOW, '1.4999999 ETH are in the vault, 3 ETH', 'ask for less'],
    [['operator', `0x${'12'.repeat(20)}`], EXIT.USAGE, 'neither or both of --cap and --revoke', 'give one of them'],
    [['operator', `0x${'12'.repeat(20)}`, '--cap', '0'], EXIT.USAGE, 'a cap of 0 allows nothing', 'use --revoke'],
  ])('refuses %j', async (args, code, what, next) => expectRefusal(args, code, what, next))

  it.each([
    [['deposit', '1e3'], 'Give a number such as 1000 or 0.5.'],
    [['deposit', '--ether', '1'], 'Give an amount with its unit, such as 0.01eth or 500gwei.'],
    [['deposit', '--ether', '1.5wei'], 'Give an amount with its unit'],
    [['deposit', '1', '--owner', '0x12'], 'Give 0x and 40 hex digits'],
  ])('refuses %j as wrong usage', async (args, what) => {
    const { code, stderr } = await stake(args)
    expect(stderr).toContain(what)
    expect(code).toBe(EXIT.USAGE)
  })
})
