import type { Module } from '../computation.ts'
import { PROGRAM_FILE } from '../computation.ts'
import { ETHER, type Market, STAKE } from '../market.ts'
import { ADDRESSES } from '../parties.ts'
import { count, ether, fields, tokens } from '../text.ts'

export const TITLE = 'Substep: a contract learns what it cannot compute'

export const OPENING: readonly string[] = [
  '',
  'A contract wants to know whether proofs of work are valid: five million steps of WebAssembly for',
  'each, more than any chain would run. So it pays a market. In act 1 an honest solver answers. In',
  'act 2 the solver lies, a verifier disputes that, and a contract finds the liar by executing a',
  'twelfth of one step. All this happens now, on a chain inside this process; what you read is',
  'decoded from its receipts and recomputed.',
]

export const stageLines = ({ rules, consumer, program }: Market, { wasm }: Module, url: string): string[] =>
  fields([
    ['chain', url],
    ['market', `${rules.market}: tasks, answers, results`],
    ['games', `${rules.games}: the disputes`],
    ['vault', `${rules.vault}: all the money`],
    ['token', `${rules.token}: SUBSTEP, of which ${count(tokens(rules.bond))} are`],
    ['', 'staked on every answer; who is proven wrong loses them'],
    ['program', `scrypt, the proof of work of Litecoin: ${PROGRAM_FILE}, ${count(wasm.length)} bytes,`],
    ['', 'published on the chain, where the players find it'],
    ['', `id ${program}`],
    ['consumer', `${consumer}: LitecoinProofOfWork, which believes it`],
    ['solver', `${ADDRESSES.solver}: answers, for the price`],
    ['verifier', `${ADDRESSES.verifier}: computes too, and disputes what is false`],
    ['', `each has ${count(tokens(STAKE))} SUBSTEP and ${ether(ETHER)} ether in the vault`],
  ])
