import createWabt from 'wabt'

const FEATURES = {
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  multi_value: true,
  bulk_memory: true,
  reference_types: true,
  tail_call: true,
} as const

const wabt = await createWabt()

/** The text is no module. */
export class TextRefused extends Error {
  override readonly name = 'TextRefused'
}

/** How wabt begins what it says of a text that it refuses. */
const REFUSAL = /^(?:parseWat|resolveNames) failed:/

/**
 * The binary of a text module, not validated; an instruction stands for itself, so no name section.
 * @throws TextRefused in wabt's words
 */
export function wasmOf(text: string | Uint8Array, name = 'module.wat'): Uint8Array<ArrayBuffer> {
  try {
    return encode(text, name)
  } catch (error) {
    if (error instanceof Error && REFUSAL.test(error.message)) throw new TextRefused(error.message)
    throw error
  }
}

function encode(text: string | Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat(name, text, FEATURES)
  try {
    module.resolveNames()
    return new Uint8Array(module.toBinary({ write_debug_names: false }).buffer)
  } finally {
    module.destroy()
  }
}
