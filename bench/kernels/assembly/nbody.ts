// SIZE steps of the outer planets about the sun, as in the Computer Language Benchmarks Game; the answer is the energy.
// a body: [0,24) position | [24,48) velocity | [48,56) mass, f64 each

import { answer } from './answer'
import { SIZE } from './size'

const BODIES: usize = 5
const BODY: usize = 56
const END: usize = BODIES * BODY
const VELOCITY: usize = 24
const MASS: usize = 48

const STEP: f64 = 0.01
const SOLAR_MASS: f64 = 4.0 * Math.PI * Math.PI
const YEAR: f64 = 365.24

/** Sun, Jupiter, Saturn, Uranus, Neptune: astronomical units, the same a day, masses of the sun. */
const START = memory.data<f64>([
  0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0,
  4.841431442464721, -1.1603200440274284, -0.10362204447112311,
  0.001660076642744037, 0.007699011184197404, -0.0000690460016972063, 0.0009547919384243266,
  8.34336671824458, 4.124798564124305, -0.4035234171143214,
  -0.002767425107264119, 0.004998528012349172, 0.000023041729757376393, 0.0002858859806661308,
  12.894369562139131, -15.111151401698631, -0.22330757889265573,
  0.002964601375647616, 0.0023784717395948095, -0.000029658956854023756, 0.00004366244043351563,
  15.379697114850917, -25.919314609987964, 0.17925877295037118,
  0.0026806777249038932, 0.001628241700382423, -0.00009515922545197159, 0.000051513890204661145,
])
const bodies = memory.data(END)

export function main(): void {
  for (let at: usize = 0; at < END; at += 8) store<f64>(bodies + at, load<f64>(START + at))
  scale()
  rest()
  for (let i: u32 = 0; i < SIZE; i++) advance()
  answer(reinterpret<u64>(energy()))
}

/** Years in place of days, and masses for which the constant of gravitation is 1. */
function scale(): void {
  for (let body = bodies; body < bodies + END; body += BODY) {
    for (let axis: usize = 0; axis < VELOCITY; axis += 8) {
      store<f64>(body + axis, load<f64>(body + axis, VELOCITY) * YEAR, VELOCITY)
    }
    store<f64>(body, load<f64>(body, MASS) * SOLAR_MASS, MASS)
  }
}

/** Gives the sun the momentum with which the system as a whole stands still. */
function rest(): void {
  for (let axis: usize = 0; axis < VELOCITY; axis += 8) {
    let momentum: f64 = 0
    for (let body = bodies; body < bodies + END; body += BODY) {
      momentum += load<f64>(body + axis, VELOCITY) * load<f64>(body, MASS)
    }
    store<f64>(bodies + axis, -momentum / SOLAR_MASS, VELOCITY)
  }
}

function advance(): void {
  for (let one = bodies; one < bodies + END; one += BODY) {
    for (let other = one + BODY; other < bodies + END; other += BODY) attract(one, other)
  }
  for (let body = bodies; body < bodies + END; body += BODY) {
    for (let axis: usize = 0; axis < VELOCITY; axis += 8) {
      store<f64>(body + axis, load<f64>(body + axis) + STEP * load<f64>(body + axis, VELOCITY))
    }
  }
}

function attract(one: usize, other: usize): void {
  const x = load<f64>(one) - load<f64>(other)
  const y = load<f64>(one, 8) - load<f64>(other, 8)
  const z = load<f64>(one, 16) - load<f64>(other, 16)
  const square = x * x + y * y + z * z
  const pull = STEP / (square * Math.sqrt(square))
  push(one, x, y, z, -load<f64>(other, MASS) * pull)
  push(other, x, y, z, load<f64>(one, MASS) * pull)
}

@inline
function push(body: usize, x: f64, y: f64, z: f64, factor: f64): void {
  store<f64>(body, load<f64>(body, VELOCITY) + x * factor, VELOCITY)
  store<f64>(body, load<f64>(body, VELOCITY + 8) + y * factor, VELOCITY + 8)
  store<f64>(body, load<f64>(body, VELOCITY + 16) + z * factor, VELOCITY + 16)
}

/** Kinetic less potential energy. */
function energy(): f64 {
  let sum: f64 = 0
  for (let one = bodies; one < bodies + END; one += BODY) {
    const square =
      load<f64>(one, VELOCITY) * load<f64>(one, VELOCITY) +
      load<f64>(one, VELOCITY + 8) * load<f64>(one, VELOCITY + 8) +
      load<f64>(one, VELOCITY + 16) * load<f64>(one, VELOCITY + 16)
    sum += 0.5 * load<f64>(one, MASS) * square
    for (let other = one + BODY; other < bodies + END; other += BODY) {
      const x = load<f64>(one) - load<f64>(other)
      const y = load<f64>(one, 8) - load<f64>(other, 8)
      const z = load<f64>(one, 16) - load<f64>(other, 16)
      sum -= (load<f64>(one, MASS) * load<f64>(other, MASS)) / Math.sqrt(x * x + y * y + z * z)
    }
  }
  return sum
}
