import createWabt from 'wabt'

/** WebAssembly 2.0 without SIMD, and tail calls; what is left out here may be on by default. */
const FEATURES = {
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  multi_value: true,
  bulk_memory: true,
  reference_types: true,
  tail_call: true,
  simd: false,
  relaxed_simd: false,
  threads: false,
  exceptions: false,
  function_references: false,
  gc: false,
  memory64: false,
  extended_const: false,
  annotations: false,
  code_metadata: false,
  readDebugNames: false,
} as const

const wabt = await createWabt()

/** Whether a validator that is no engine takes the module, newer versions of WebAssembly switched off. */
export function wabtTakes(bytes: Uint8Array): boolean {
  let module: ReturnType<typeof wabt.readWasm> | null = null
  try {
    module = wabt.readWasm(bytes, FEATURES)
    module.validate()
    return true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  } finally {
    module?.destroy()
  }
}
