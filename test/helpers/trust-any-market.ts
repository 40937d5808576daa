// Preloaded into players (`node --import`): they play on markets whose contracts are not this version's.
import { registerHooks } from 'node:module'

const TRUSTING = 'export const verifyDeployment = async () => []'

registerHooks({
  load: (url, context, nextLoad) =>
    url.endsWith('/deployment/verify.ts')
      ? { format: 'module', source: TRUSTING, shortCircuit: true }
      : nextLoad(url, context),
})
