import { InputRefused } from '../input-refused.ts'

interface Body {
  readonly position: number[]
  readonly velocity: number[]
  readonly mass: number
}

const MOST_STEPS = 1_000_000

/** Years. */
const STEP = 0.01
const YEAR = 365.24
const SOLAR_MASS = 4 * Math.PI ** 2
const AXES = [0, 1, 2] as const

/** Sun, Jupiter, Saturn, Uranus, Neptune: position in astronomical units, velocity in the same a day, mass in suns. */
const PLANETS: readonly (readonly [position: number[], velocity: number[], mass: number])[] = [
  [[0, 0, 0], [0, 0, 0], 1],
  [
    [4.841431442464721, -1.1603200440274284, -0.10362204447112311],
    [0.001660076642744037, 0.007699011184197404, -0.0000690460016972063],
    0.0009547919384243266,
  ],
  [
    [8.34336671824458, 4.124798564124305, -0.4035234171143214],
    [-0.002767425107264119, 0.004998528012349172, 0.000023041729757376393],
    0.0002858859806661308,
  ],
  [
    [12.894369562139131, -15.111151401698631, -0.22330757889265573],
    [0.002964601375647616, 0.0023784717395948095, -0.000029658956854023756],
    0.00004366244043351563,
  ],
  [
    [15.379697114850917, -25.919314609987964, 0.17925877295037118],
    [0.0026806777249038932, 0.001628241700382423, -0.00009515922545197159],
    0.000051513890204661145,
  ],
]

/**
 * The energy of sun and large planets after a number of steps, then position and velocity of each, all as f64. Every
 * operation is one that IEEE 754 rounds in one way only, so the bytes are the same on every machine.
 * @throws InputRefused if the input is not four bytes, or asks for more than a million steps
 */
export function nbody(input: Uint8Array): Uint8Array {
  if (input.length !== 4) throw new InputRefused('the input is not one u32')
  const steps = new DataView(input.buffer, input.byteOffset).getUint32(0, true)
  if (steps > MOST_STEPS) throw new InputRefused('more than a million steps')
  const bodies = solarSystem()
  for (let i = 0; i < steps; i++) advance(bodies)
  const values = [energy(bodies), ...bodies.flatMap(({ position, velocity }) => [...position, ...velocity])]
  const output = new DataView(new ArrayBuffer(8 * values.length))
  for (const [i, value] of values.entries()) output.setFloat64(8 * i, value, true)
  return new Uint8Array(output.buffer)
}

/** With the sun moving so that the system as a whole stands still. */
function solarSystem(): Body[] {
  const bodies = PLANETS.map(([position, velocity, mass]) => ({
    position: [...position],
    velocity: velocity.map((v) => v * YEAR),
    mass: mass * SOLAR_MASS,
  }))
  const momentum = AXES.map((axis) => bodies.reduce((sum, { velocity, mass }) => sum + velocity[axis]! * mass, 0))
  for (const axis of AXES) bodies[0]!.velocity[axis] = -momentum[axis]! / SOLAR_MASS
  return bodies
}

const distance = (one: Body, other: Body): number[] => AXES.map((axis) => one.position[axis]! - other.position[axis]!)

const square = ([x, y, z]: readonly number[]): number => x! * x! + y! * y! + z! * z!

function advance(bodies: readonly Body[]): void {
  for (const [i, one] of bodies.entries()) {
    for (const other of bodies.slice(i + 1)) {
      const apart = distance(one, other)
      const pull = STEP / (square(apart) * Math.sqrt(square(apart)))
      push(one, apart, -other.mass * pull)
      push(other, apart, one.mass * pull)
    }
  }
  for (const { position, velocity } of bodies) {
    for (const axis of AXES) position[axis] = position[axis]! + STEP * velocity[axis]!
  }
}

function push({ velocity }: Body, apart: readonly number[], factor: number): void {
  for (const axis of AXES) velocity[axis] = velocity[axis]! + apart[axis]! * factor
}

function energy(bodies: readonly Body[]): number {
  let sum = 0
  for (const [i, one] of bodies.entries()) {
    sum += 0.5 * one.mass * square(one.velocity)
    for (const other of bodies.slice(i + 1)) sum -= (one.mass * other.mass) / Math.sqrt(square(distance(one, other)))
  }
  return sum
}
