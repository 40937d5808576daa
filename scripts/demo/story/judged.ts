import { PROGRAM_FILE } from '../computation.ts'
import { withFlip } from '../flip.ts'
import type { Judged } from '../judged.ts'
import { count, fields, hex } from '../text.ts'

const ORDINALS = 'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ')

/** The substep that the contract executed, and what both sides said about it. */
export function judgedLines(judged: Judged): string[] {
  const { step, row, instruction, offset, functionName, sourceFile, store, args, transaction } = judged
  const number = (value: bigint) => hex(value, 2 * store.width)
  return [
    ...fields([
      ['step', count(step)],
      [
        'substep',
        `${row.index}, the ${ORDINALS[row.index]} of twelve: ${row.name} (${row.does}; leaves have 32 bytes)`,
      ],
      ['function', `${functionName} of ${sourceFile}`],
      ['instruction', `${instruction}, byte ${hex(offset)} of ${PROGRAM_FILE}`],
      ['operands', `address ${count(store.address)}, value ${number(store.value)}, ${store.width} bytes`],
      ['before', `${judged.pre}, said by both`],
      ['claimed', judged.claimed],
      ['', `by the ${judged.claimedBy}: ${claimMeaning(judged, number)}`],
      ['computed', judged.computed],
      ['', `by the contract: ${computedMeaning(judged, number)}`],
    ]),
    `  The ${judged.by}'s witness, which is what the substep needs with the hashes that prove it, has`,
    `  ${32 * args[5].length} bytes; with the burial of the loser ${count(transaction.gas)} gas in all.`,
  ]
}

const claimMeaning = ({ explained, store }: Judged, number: (value: bigint) => string): string =>
  explained === undefined ? 'not explained by any single bit' : `${number(withFlip(store, explained))} at that address`

const computedMeaning = ({ computed, recomputed, store }: Judged, number: (value: bigint) => string): string =>
  computed === recomputed.post ? `${number(store.value)} at that address` : 'not what this process computes'
