import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findMarket } from '../../daemon/index.ts'
import { saidBy, writeDeployment } from '../../deployment/index.ts'
import { LocalMarket } from '../helpers/local-market.ts'

describe('findMarket', () => {
  let place: LocalMarket
  let folder: string
  const nowhere = { market: undefined, deployment: undefined, fromBlock: undefined }

  beforeAll(async () => {
    place = await LocalMarket.create()
    folder = mkdtempSync(join(tmpdir(), 'substep-market-'))
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await place.close()
  })

  /** The file of the market's deployment. */
  async function deployed(): Promise<string> {
    const path = join(folder, 'deployment.json')
    writeDeployment(path, { ...(await saidBy(place.client, place.rules.market)), block: 3n })
    return path
  }

  it('takes the market that it is told, from the first block on', async () => {
    const { market } = place.rules
    expect(await findMarket({ ...nowhere, market }, place.client)).toEqual({ market, fromBlock: 0n })
    expect(await findMarket({ ...nowhere, market, fromBlock: 5n }, place.client)).toEqual({ market, fromBlock: 5n })
  })

  it('takes the market and the block of a deployment file', async () => {
    const { market } = place.rules
    const deployment = await deployed()
    expect(await findMarket({ ...nowhere, deployment }, place.client)).toEqual({ market, fromBlock: 3n })
    expect(await findMarket({ ...nowhere, deployment, fromBlock: 5n }, place.client)).toEqual({ market, fromBlock: 5n })
  })

  it('names the flag to give where nothing is told', async () => {
    const path = join('deployments', `${place.rules.chainId}.json`)
    await expect(findMarket(nowhere, place.client)).rejects.toThrow(`--market: is missing, and so is ${path}`)
  })

  it('names the flag whose file is no deployment', async () => {
    const broken = join(folder, 'broken.json')
    writeFileSync(broken, '{}')
    for (const deployment of [broken, join(folder, 'none.json')]) {
      await expect(findMarket({ ...nowhere, deployment }, place.client)).rejects.toThrow('--deployment: ')
    }
  })

  it('refuses an address that is no market', async () => {
    const { token } = place.rules
    await expect(findMarket({ ...nowhere, market: token }, place.client)).rejects.toThrow('--market: ')
  })

  it('refuses a market with another judge than this version has', async () => {
    const other = await LocalMarket.create({ stepper: 'ToyStepper' })
    const { market } = other.rules
    await expect(findMarket({ ...nowhere, market }, other.client)).rejects.toThrow(/--market: .* is not Stepper/)
    await other.close()
  })
})
