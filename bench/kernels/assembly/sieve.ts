// The number of primes below SIZE, by the sieve of Eratosthenes: a byte for each number.

import { answer } from './answer'
import { reserve } from './memory'
import { SIZE } from './size'

export function main(): void {
  const composite = reserve(SIZE)
  memory.fill(composite, 0, SIZE)
  let primes: u32 = 0
  for (let i: u32 = 2; i < SIZE; i++) {
    if (load<u8>(composite + i) != 0) continue
    primes++
    for (let j: u32 = 2 * i; j < SIZE; j += i) store<u8>(composite + j, 1)
  }
  answer(primes)
}
