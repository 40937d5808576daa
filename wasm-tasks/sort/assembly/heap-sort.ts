// Heapsort: no input makes it slow. Items are u32; places in the heap are offsets in bytes from its first item.

/** Sorts the items from first to last, both included. */
export function heapSort(first: usize, last: usize): void {
  let end = last - first + 4
  for (let root = leaves(end); root != 0; ) {
    root -= 4
    siftDown(first, root, end, load<u32>(first + root))
  }
  while (end > 4) {
    end -= 4
    const item = load<u32>(first + end)
    store<u32>(first + end, load<u32>(first))
    siftDown(first, 0, end, item)
  }
}

/** Puts an item into the empty place or below it, so that no child is greater than its parent. */
function siftDown(first: usize, place: usize, end: usize, item: u32): void {
  const inner = leaves(end)
  while (place < inner) {
    let child = place * 2 + 4
    if (child + 4 < end && load<u32>(first + child) < load<u32>(first + child + 4)) child += 4
    const greater = load<u32>(first + child)
    if (greater <= item) break
    store<u32>(first + place, greater)
    place = child
  }
  store<u32>(first + place, item)
}

/** The first place without a child. Below it 2 * place + 4 stays below end: it cannot overflow. */
@inline
function leaves(end: usize): usize {
  return (end >> 3) << 2
}
