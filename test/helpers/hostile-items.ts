// The adversary of M. D. McIlroy, "A Killer Adversary for Quicksort" (1999): it decides what the items are only while
// they are being compared, always so that the pivot turns out to be one of the smallest.

type Less = (a: number, b: number) => boolean

/** Items on which the partition of wasm-tasks/sort splits off next to nothing, and how many of them one part suffers. */
export function hostileItems(count: number): { items: Uint32Array; partitions: number } {
  const undecided = count
  const items = new Uint32Array(count).fill(undecided)
  let decided = 0
  let candidate = 0
  const less: Less = (a, b) => {
    if (items[a] === undecided && items[b] === undecided) items[a === candidate ? a : b] = decided++
    if (items[a] === undecided) candidate = a
    else if (items[b] === undecided) candidate = b
    return items[a]! < items[b]!
  }
  const order = Array.from({ length: count }, (_, i) => i)
  return { partitions: quicksortAll(order, less), items }
}

/** The task's quicksort without its limit: returns the largest number of partitions that any part went through. */
function quicksortAll(order: number[], less: Less): number {
  const SHORT = 8
  let most = 0
  const parts = [{ first: 0, last: order.length - 1, partitions: 0 }]
  for (let part = parts.pop(); part; part = parts.pop()) {
    most = Math.max(most, part.partitions)
    if (part.last - part.first < SHORT) continue
    const split = partition(order, part.first, part.last, less)
    parts.push({ first: part.first, last: split, partitions: part.partitions + 1 })
    parts.push({ first: split + 1, last: part.last, partitions: part.partitions + 1 })
  }
  return most
}

function partition(order: number[], first: number, last: number, less: Less): number {
  const swap = (a: number, b: number) => {
    const kept = order[a]!
    order[a] = order[b]!
    order[b] = kept
  }
  const orderTwo = (low: number, high: number) => less(order[high]!, order[low]!) && swap(low, high)
  const middle = first + ((last - first) >> 1)
  orderTwo(first, middle)
  orderTwo(middle, last)
  orderTwo(first, middle)
  const pivot = order[middle]!
  for (let left = first, right = last; ; swap(left, right)) {
    do left++
    while (less(order[left]!, pivot))
    do right--
    while (less(pivot, order[right]!))
    if (left >= right) return right
  }
}
