import { once } from 'node:events'
import { RequestReverted } from '../../client/index.ts'
import { DeploymentError } from '../../deployment/index.ts'
import { TransactionReverted } from '../../protocol/index.ts'
import { Interrupted } from '../errors.ts'
import { type Sending, Unconfirmed } from './errors.ts'

/** After these there is nothing that may still be mined. */
const SETTLED = [TransactionReverted, RequestReverted, DeploymentError]

/**
 * Waits for what was sent. Ctrl-C ends the wait; it takes nothing back, and nor does a node that fails.
 * @throws Unconfirmed if what was sent may still be mined; TransactionReverted, RequestReverted, DeploymentError
 */
export async function untilMined<T>(sending: Sending, wait: () => Promise<T>): Promise<T> {
  const done = new AbortController()
  const interrupted = once(process, 'SIGINT', { signal: done.signal }).then((): never => {
    throw new Interrupted('before it was mined')
  })
  try {
    return await Promise.race([wait(), interrupted])
  } catch (error) {
    throw SETTLED.some((type) => error instanceof type) ? error : new Unconfirmed(sending, error)
  } finally {
    done.abort()
  }
}
