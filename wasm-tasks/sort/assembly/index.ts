// memory: [0,16) abort record | from 1024, placed by the compiler: texts of failures | from __heap_base: the items

import { inputSize, readInput, writeOutput } from '../../lib/host'
import { heapSort } from './heap-sort'

const PAGE_BYTES: u64 = 65536
/** Distance in bytes from first to last up to which insertion needs fewer steps than another partition. */
const SHORT: usize = 28

/** Output: the u32 of the input, both little-endian, in ascending order. */
export function main(): void {
  const size = inputSize()
  assert(size % 4 == 0, 'the input is not a whole number of u32')
  reserve(size)
  readInput(0, __heap_base, size)
  if (size != 0) quicksort(__heap_base, __heap_base + size - 4, 2 * (31 - clz(size / 4)))
  writeOutput(__heap_base, size)
}

function reserve(size: u32): void {
  const pages = <i32>((<u64>__heap_base + size + PAGE_BYTES - 1) / PAGE_BYTES)
  if (pages > memory.size()) assert(memory.grow(pages - memory.size()) != -1, 'the input does not fit into memory')
}

/**
 * Sorts the items from first to last, both included. The call takes the smaller part and the loop the larger one, so
 * calls nest at most log2(n) deep; whoever arranges the items so that the parts stay large meets heapsort after
 * `partitions` of them.
 */
function quicksort(first: usize, last: usize, partitions: u32): void {
  while (last - first > SHORT) {
    if (partitions-- == 0) {
      heapSort(first, last)
      return
    }
    const split = partition(first, last)
    if (split - first < last - split) {
      quicksort(first, split, partitions)
      first = split + 4
    } else {
      quicksort(split + 4, last, partitions)
      last = split
    }
  }
  insertionSort(first, last)
}

/**
 * Hoare's partition around the median of first, middle and last item: afterwards none up to the result, which is not
 * last, is greater than any behind it. Both scans stop at equal items, so many of those are halved, too.
 */
function partition(first: usize, last: usize): usize {
  const pivot = medianOfThree(first, first + (((last - first) >> 3) << 2), last)
  let left = first
  let right = last
  while (true) {
    do left += 4
    while (load<u32>(left) < pivot)
    do right -= 4
    while (load<u32>(right) > pivot)
    if (left >= right) return right
    const item = load<u32>(left)
    store<u32>(left, load<u32>(right))
    store<u32>(right, item)
  }
}

/** Puts the three in order, which also makes the outer two stop the scans, and returns the middle one. */
function medianOfThree(first: usize, middle: usize, last: usize): u32 {
  orderTwo(first, middle)
  orderTwo(middle, last)
  orderTwo(first, middle)
  return load<u32>(middle)
}

@inline
function orderTwo(low: usize, high: usize): void {
  const a = load<u32>(low)
  const b = load<u32>(high)
  if (a > b) {
    store<u32>(low, b)
    store<u32>(high, a)
  }
}

function insertionSort(first: usize, last: usize): void {
  for (let next = first + 4; next <= last; next += 4) {
    const item = load<u32>(next)
    let place = next
    while (place != first && load<u32>(place - 4) > item) {
      store<u32>(place, load<u32>(place - 4))
      place -= 4
    }
    store<u32>(place, item)
  }
}
