/** The function in whose body something was found. */
export interface FunctionPlace {
  /** Function index, imported functions included. */
  readonly index: number
  /** From the name section, else an export. */
  readonly name: string | null
}

/** An offset in the module, as messages have it. */
export const offsetText = (offset: number): string => `0x${offset.toString(16)}`

const inFunction = (place: FunctionPlace | null): string => {
  if (place === null) return ''
  const name = place.name === null ? '' : ` ${JSON.stringify(place.name)}`
  return ` in function ${place.index}${name}`
}

/** The bytes are not a module of the WebAssembly binary format. */
export class MalformedModule extends Error {
  override readonly name = 'MalformedModule'
  readonly offset: number
  readonly expected: string
  readonly func: FunctionPlace | null
  constructor(offset: number, expected: string, found: string, func: FunctionPlace | null = null) {
    super(`malformed module: expected ${expected}, found ${found}, at offset ${offsetText(offset)}${inFunction(func)}`)
    this.offset = offset
    this.expected = expected
    this.func = func
  }
}

/** The module is WebAssembly, but uses what the machine does not run. */
export class UnsupportedFeature extends Error {
  override readonly name = 'UnsupportedFeature'
  readonly offset: number
  /** Name of the feature, such as `SIMD`. */
  readonly feature: string
  /** The instruction or construct that needs it, such as `f32x4.add`. */
  readonly instruction: string
  readonly func: FunctionPlace | null
  constructor(offset: number, instruction: string, feature: string, func: FunctionPlace | null = null) {
    super(`unsupported: ${instruction} (${feature}) at offset ${offsetText(offset)}${inFunction(func)}`)
    this.offset = offset
    this.feature = feature
    this.instruction = instruction
    this.func = func
  }
}

/** The module is well-formed, but does not validate. */
export class InvalidModule extends Error {
  override readonly name = 'InvalidModule'
  readonly reason: string
  constructor(reason: string) {
    super(`invalid module: ${reason}`)
    this.reason = reason
  }
}
