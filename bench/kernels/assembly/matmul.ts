// The product of two matrices of SIZE * SIZE f64, row by column. The elements are small integers, so sums are exact.

import { answer } from './answer'
import { reserve } from './memory'
import { SIZE } from './size'

const ROW: usize = (<usize>SIZE) << 3
const MATRIX: usize = SIZE * ROW

export function main(): void {
  const a = reserve(3 * MATRIX)
  const b = a + MATRIX
  const c = b + MATRIX
  fill(a, b)
  multiply(a, b, c)
  answer(reinterpret<u64>(weigh(c)))
}

function fill(a: usize, b: usize): void {
  for (let i: u32 = 0; i < SIZE; i++) {
    for (let j: u32 = 0; j < SIZE; j++) {
      const at = i * ROW + (j << 3)
      store<f64>(a + at, <f64>((7 * i + 3 * j) & 15))
      store<f64>(b + at, <f64>((5 * i + 11 * j) & 15))
    }
  }
}

function multiply(a: usize, b: usize, c: usize): void {
  for (let i: u32 = 0; i < SIZE; i++) {
    for (let j: u32 = 0; j < SIZE; j++) {
      let sum: f64 = 0
      let left = a + i * ROW
      let right = b + (j << 3)
      for (let k: u32 = 0; k < SIZE; k++) {
        sum += load<f64>(left) * load<f64>(right)
        left += 8
        right += ROW
      }
      store<f64>(c + i * ROW + (j << 3), sum)
    }
  }
}

/** One number for the whole product: row i counts (i mod 8) + 1 times, column j (j mod 4) + 1 times. */
function weigh(c: usize): f64 {
  let sum: f64 = 0
  for (let i: u32 = 0; i < SIZE; i++) {
    for (let j: u32 = 0; j < SIZE; j++) {
      sum += load<f64>(c + i * ROW + (j << 3)) * <f64>(((i & 7) + 1) * ((j & 3) + 1))
    }
  }
  return sum
}
