import { describe, expect, it } from 'vitest'
import { Flow, pendingAt, Segment } from '../../../interpreter/native/flow.ts'
import { createRandom } from '../../helpers/random.ts'

const SEED = 20260504
const UNBOUNDED = Number.POSITIVE_INFINITY

const segments = (steps: readonly number[]): Segment[] =>
  steps.map((each) => {
    const segment = new Segment()
    segment.steps = each
    return segment
  })

const end = (segment: Segment) => ({ segment, steps: segment.steps })

describe('the counter of a flow', () => {
  it(`is off by what is pending, whichever way is taken, seed ${SEED}`, () => {
    const random = createRandom(SEED)
    const [flow, all] = [new Flow(), segments(Array.from({ length: 30 }, () => random.below(50)))]
    const edges = Array.from({ length: 90 }, (_, i) => {
      const [from, to, steps] = [i < 30 ? all[i]! : random.pick(all), random.pick(all), random.below(3)]
      return { from, to, steps, amount: flow.connect(end(from), to, steps, random.below(100)) }
    })
    const enter = flow.connect({ segment: flow.outside, steps: 0 }, all[0]!, 0, 1)
    flow.solve(UNBOUNDED)
    let [at, exact, counter] = [all[0]!, 0, enter()]
    for (let i = 0; i < 1000; i++) {
      expect(counter).toBe(exact - pendingAt({ segment: at, steps: 0 }))
      const { to, steps, amount } = random.pick(edges.filter(({ from }) => from === at))
      exact -= at.steps + steps
      counter += amount()
      at = to
    }
  })

  it('changes once on each way through a loop, and not where it is left', () => {
    const [flow, all] = [new Flow(), segments([3, 5, 7, 11, 2])]
    const [header, left, right, join, behind] = all as [Segment, Segment, Segment, Segment, Segment]
    const enter = flow.connect({ segment: flow.outside, steps: 0 }, header, 0, 1)
    const ways = [
      [flow.connect(end(header), left, 0, 4), flow.connect(end(left), join, 0, 4)],
      [flow.connect(end(header), right, 0, 4), flow.connect(end(right), join, 0, 4)],
    ]
    const back = flow.connect(end(join), header, 0, 7)
    const exit = flow.connect(end(join), behind, 0, 1)
    flow.solve(UNBOUNDED)
    expect([enter(), exit()]).toEqual([0, 0])
    for (const way of ways) expect([...way, back].filter((amount) => amount() !== 0)).toHaveLength(1)
    expect(ways.map((way) => way.reduce((sum, amount) => sum + amount(), back()))).toEqual([-19, -21])
  })

  it('is never off by more than was allowed where it is looked at', () => {
    const offBy = (most: number): number => {
      const [flow, all] = [new Flow(), segments([100, 100, 100, 1])]
      const edges = all.slice(1).map((to, i) => flow.connect(end(all[i]!), to, 0, 1))
      const seen = flow.lookAt({ segment: all[3]!, steps: 1 })
      flow.connect({ segment: flow.outside, steps: 0 }, all[0]!, 0, 1)
      flow.solve(most)
      expect(edges.map((amount) => amount() === 0)).toEqual(all.slice(1).map(() => most >= 301))
      return seen()
    }
    expect([offBy(301), offBy(300)]).toEqual([-301, -1])
  })
})
