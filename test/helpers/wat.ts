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

/**
 * The binary of a text module, not validated; an instruction stands for itself, so no name section.
 * @throws Error in wabt's words for text that is no module
 */
export function wasmOf(text: string | Uint8Array, name = 'module.wat'): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat(name, text, FEATURES)
  try {
    module.resolveNames()
    return new Uint8Array(module.toBinary({ write_debug_names: false }).buffer)
  } finally {
    module.destroy()
  }
}
