import { beforeAll, describe, expect, it } from 'vitest'
import type { Node } from '../../interpreter/commit/hash.ts'
import { judge } from '../../interpreter/machine/step.ts'
import { TRAP_NAMES } from '../../spec/index.ts'
import { createRandom, type Random, TEST_SEED } from '../helpers/random.ts'
import { isStopped, randomState } from '../helpers/random-states.ts'
import { type Answer, SolidityStepper } from '../helpers/stepper.ts'
import { type Judged, type Walk, walk } from '../helpers/substeps.ts'

/** Of `npm test`; `npm run test:totality` takes 100,000. */
const STATES = Number(process.env.SUBSTEP_STATES ?? 50_000)
const STATES_AT_ONCE = 500
const FLIPPED_WITNESSES = 1000
const MINUTE = 60_000

let stepper: SolidityStepper

beforeAll(async () => {
  console.log(`totality: seed ${TEST_SEED}`)
  stepper = await SolidityStepper.create()
})

/** What became of the states, for people and for the shares that the test asks for. */
class Distribution {
  readonly #counts = new Map<string, number>()

  add(name: string): void {
    this.#counts.set(name, this.of(name) + 1)
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  toString(): string {
    const byCount = [...this.#counts].sort((x, y) => y[1] - x[1])
    return byCount.map(([name, count]) => `  ${String(count).padStart(7)} ${name}`).join('\n')
  }
}

const endOf = ({ trap }: Walk): string => {
  if (trap === undefined) return 'end: stopped before, identity'
  return trap === 0 ? 'end: retired without a trap' : `end: ${TRAP_NAMES[trap] ?? 'a trap of a state made by hand'}`
}

/** Fails with everything needed to repeat it. */
function expectAgreement(judged: readonly Judged[], answers: readonly Answer[]): void {
  judged.forEach(({ n, words, judgement }, i) => {
    const answer = answers[i] as Answer
    if ('pre' in answer && answer.pre === judgement.pre && answer.post === judgement.post) return
    const witness = words.map((node) => Buffer.from(node).toString('hex')).join(' ')
    expect(answer, `substep ${n}, seed ${TEST_SEED}, witness ${witness}`).toEqual(judgement)
  })
}

function randomWalk(random: Random, seen: Distribution): Walk {
  const { core, leaves } = randomState(random)
  const walked = walk(core, leaves, random)
  const start = core.misc === 0n ? 'an instruction' : 'the middle of a step'
  seen.add(isStopped(core) ? 'begin: stopped' : `begin: ${start}`)
  seen.add(endOf(walked))
  for (const { n } of walked.judged) seen.add(`substep ${n ?? 'none'}`)
  return walked
}

describe('random states', () => {
  it(
    `${STATES} of them step to the same state in both languages, without a revert`,
    async () => {
      const random = createRandom(TEST_SEED)
      const seen = new Distribution()
      let comparing = Promise.resolve()
      for (let done = 0; done < STATES; done += STATES_AT_ONCE) {
        const judged = Array.from({ length: STATES_AT_ONCE }, () => randomWalk(random, seen)).flatMap((w) => w.judged)
        // One batch runs in the EVM, on a thread of its own, while the next one is made here.
        await comparing
        comparing = stepper.judge(judged.map(({ words }) => words)).then((answers) => expectAgreement(judged, answers))
        comparing.catch(() => {})
      }
      await comparing
      console.log(`totality: ${STATES} random states\n${seen}`)
      expect(seen.of('end: retired without a trap')).toBeGreaterThan(STATES / 2)
      for (let n = 0; n < 12; n++) expect(seen.of(`substep ${n}`)).toBeGreaterThan(STATES / 20)
    },
    20 * MINUTE,
  )
})

/** Every byte of a witness replaced by another one, one at a time. */
function* flips(words: readonly Node[], random: Random): Generator<readonly Node[]> {
  for (const [i, word] of words.entries()) {
    for (let byte = 0; byte < word.length; byte++) {
      const flipped = word.slice()
      flipped[byte] = (flipped[byte] as number) ^ (1 + random.below(255))
      yield words.with(i, flipped)
    }
  }
}

/** What the TypeScript stepper answers, in the form of the contract's answers. */
function judgeOrRefuse(words: readonly Node[]): Answer | undefined {
  try {
    return judge(words)
  } catch {
    return undefined
  }
}

describe('witnesses with one byte flipped', () => {
  it(
    `${FLIPPED_WITNESSES} of them, every byte: refused, or of another state`,
    async () => {
      const random = createRandom(TEST_SEED + 1)
      const seen = new Distribution()
      for (let made = 0; made < FLIPPED_WITNESSES; made++) {
        const { words, judgement } = random.pick(randomWalk(random, new Distribution()).judged)
        const flipped = [...flips(words, random)]
        const answers = await stepper.judge(flipped)
        answers.forEach((answer, i) => {
          const change =
            'refused' in answer ? 'refused' : answer.pre === judgement.pre ? 'the same state' : 'another state'
          seen.add(change)
          // Every sixteenth in TypeScript too, which is slower.
          if (i % 16 === made % 16)
            expect(judgeOrRefuse(flipped[i] as Node[])).toEqual('refused' in answer ? undefined : answer)
        })
      }
      console.log(`totality: every byte of ${FLIPPED_WITNESSES} witnesses flipped\n${seen}`)
      expect(seen.of('the same state')).toBe(0)
      expect(seen.of('refused')).toBeGreaterThan(0)
    },
    20 * MINUTE,
  )
})
