import { readFileSync } from 'node:fs'
import { type Address, getAddress, isAddress } from 'viem'
import { FieldRefused, FileIllFormed } from './errors.ts'

/** An object of a JSON file, whose fields are read one by one and checked. */
export class JsonObject {
  readonly #path: string
  readonly #prefix: string
  readonly #values: Readonly<Record<string, unknown>>

  private constructor(path: string, prefix: string, values: unknown) {
    if (typeof values !== 'object' || values === null || Array.isArray(values))
      throw new FieldRefused(path, prefix === '' ? 'the file' : prefix.slice(0, -1), 'is no object')
    this.#path = path
    this.#prefix = prefix
    this.#values = { ...values }
  }

  /** @throws FileIllFormed, FieldRefused */
  static parse(path: string, text: string): JsonObject {
    return new JsonObject(path, '', parsed(path, text))
  }

  /** Every field is one of these. @throws FieldRefused */
  only(names: readonly string[]): this {
    const stranger = Object.keys(this.#values).find((name) => !names.includes(name))
    if (stranger !== undefined) throw this.refused(stranger, `is unknown; there are ${names.join(', ')}`)
    return this
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined
  }

  /** @throws FieldRefused */
  object(name: string): JsonObject {
    return new JsonObject(this.#path, `${this.#prefix}${name}.`, this.#required(name))
  }

  /** A whole number, or its digits as a text where it may be larger than JSON's numbers are exact. @throws FieldRefused */
  whole(name: string): bigint {
    const value = this.#required(name)
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
    if (typeof value === 'string' && /^\d+$/.test(value)) return BigInt(value)
    throw this.refused(name, `is ${JSON.stringify(value)}, no whole number; larger ones than 2^53 go in quotes`)
  }

  /** @throws FieldRefused */
  address(name: string): Address {
    const value = this.#required(name)
    if (typeof value === 'string' && isAddress(value)) return getAddress(value)
    throw this.refused(name, `is ${JSON.stringify(value)}, no address, or one with a wrong checksum`)
  }

  refused(name: string, problem: string): FieldRefused {
    return new FieldRefused(this.#path, `${this.#prefix}${name}`, problem)
  }

  #required(name: string): unknown {
    const value = this.#values[name]
    if (value === undefined || value === null) throw this.refused(name, 'is missing')
    return value
  }
}

/** The text of a file. @throws FileIllFormed */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new FileIllFormed(path, error)
  }
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FileIllFormed(path, error)
  }
}
