/**
 * Where the counter changes. A function is made of segments, code without branches, and of edges between them. Where a
 * segment begins, as many steps as its potential are off the counter already; its steps use them up, and an edge
 * changes the counter by what is left then, less what the next segment wants. The potentials are chosen so that no edge
 * of a spanning tree changes it, and the tree so that the edges left out are seldom taken (D. Knuth and F. Stevenson,
 * Optimal measurement points for program frequency counts, 1973).
 */

/** Code without branches. */
export class Segment {
  /** Steps of its code so far. */
  steps = 0
  /** Known once the flow is solved. */
  potential = 0
  /** A segment of the same tree, itself at its root, and by how much its own potential is above that one's. */
  parent: Segment = this
  above = 0
}

/** A point in a segment. */
export interface Place {
  readonly segment: Segment
  /** Steps from its start. */
  readonly steps: number
}

interface Edge extends Place {
  readonly to: Segment
  readonly frequency: number
}

/** Steps that are off the counter at a place but not made yet; less than 0 if they are owed. */
export const pendingAt = ({ segment, steps }: Place): number => segment.potential - steps

/** The segments of a function. */
export class Flow {
  /** Callers and callees: there the counter is exact. */
  readonly outside = new Segment()
  readonly #edges: Edge[] = []
  readonly #safePoints: Place[] = []

  /**
   * Control may go from a place to a segment, with `steps` on the way. Gives what the counter then grows by, to be
   * asked for when the flow is solved.
   */
  connect({ segment, steps }: Place, to: Segment, more: number, frequency: number): () => number {
    const place = { segment, steps: steps + more }
    this.#edges.push({ ...place, to, frequency })
    return () => pendingAt(place) - to.potential
  }

  /** A place where the counter is looked at. Gives what is pending there, to be asked for when the flow is solved. */
  lookAt(place: Place): () => number {
    this.#safePoints.push(place)
    return () => pendingAt(place)
  }

  /** Chooses the potentials so that not more than `most` steps are pending or owed where the counter is looked at. */
  solve(most: number): void {
    this.#spread()
    if (this.#safePoints.every((place) => Math.abs(pendingAt(place)) <= most)) return
    for (const { segment, to } of this.#edges) {
      for (const each of [segment, to]) each.potential = 0
    }
  }

  #spread(): void {
    this.#edges.sort((a, b) => b.frequency - a.frequency)
    for (const edge of this.#edges) join(edge)
    const outside = shorten(this.outside)
    for (const { segment, to } of this.#edges) {
      for (const each of [segment, to]) {
        each.potential = shorten(each) === outside ? each.above - this.outside.above : each.above
      }
    }
  }
}

/** Joins two trees so that the edge changes nothing. */
const join = ({ segment, steps, to }: Edge): void => {
  const [root, other] = [shorten(segment), shorten(to)]
  if (root === other) return
  other.parent = root
  other.above = segment.above - steps - to.above
}

/** The root of a segment's tree, which becomes its parent and that of all on the way. */
const shorten = (segment: Segment): Segment => {
  const way: Segment[] = []
  for (let at = segment; at.parent !== at; at = at.parent) way.push(at)
  const root = way.at(-1)?.parent ?? segment
  let above = 0
  for (const each of way.reverse()) {
    above += each.above
    each.above = above
    each.parent = root
  }
  return root
}
