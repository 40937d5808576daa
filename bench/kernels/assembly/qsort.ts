// Sorts SIZE pseudo-random u32 by quicksort, then folds them in order into one number (FNV-1a, by words).

import { answer } from './answer'
import { reserve } from './memory'
import { SIZE } from './size'

export function main(): void {
  const items = reserve((<usize>SIZE) << 2)
  const last = items + ((SIZE - 1) << 2)
  let random: u32 = 1
  for (let item = items; item <= last; item += 4) {
    random = random * 1664525 + 1013904223
    store<u32>(item, random)
  }
  sort(items, last)
  let hash: u32 = 0x811c9dc5
  for (let item = items; item <= last; item += 4) hash = (hash ^ load<u32>(item)) * 0x01000193
  answer(hash)
}

/** Hoare's partition about the middle; both parts by recursion. */
function sort(first: usize, last: usize): void {
  const pivot = load<u32>(first + (((last - first) >> 3) << 2))
  let low = first
  let high = last
  do {
    while (load<u32>(low) < pivot) low += 4
    while (load<u32>(high) > pivot) high -= 4
    if (low > high) break
    const item = load<u32>(low)
    store<u32>(low, load<u32>(high))
    store<u32>(high, item)
    low += 4
    high -= 4
  } while (low <= high)
  if (first < high) sort(first, high)
  if (low < last) sort(low, last)
}
