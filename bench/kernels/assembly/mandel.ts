// The Mandelbrot set, SIZE points wide and two thirds as high: the iterations of all points together.

import { answer } from './answer'
import { SIZE } from './size'

const HEIGHT: u32 = (SIZE * 2) / 3
const MOST: u32 = 256

export function main(): void {
  const step = 3.0 / <f64>SIZE
  let sum: u64 = 0
  for (let y: u32 = 0; y < HEIGHT; y++) {
    for (let x: u32 = 0; x < SIZE; x++) sum += iterations(<f64>x * step - 2.0, <f64>y * step - 1.0)
  }
  answer(sum)
}

function iterations(real: f64, imaginary: f64): u32 {
  let x: f64 = 0
  let y: f64 = 0
  let count: u32 = 0
  while (count < MOST) {
    const xx = x * x
    const yy = y * y
    if (xx + yy > 4.0) break
    y = 2.0 * x * y + imaginary
    x = xx - yy + real
    count++
  }
  return count
}
