/** A task module as it is, in the engine, with a host that only takes the output. */
export interface Raw {
  main(): void
  /** What the last run of main wrote. */
  output(): Uint8Array
}

export function openRaw(wasm: Uint8Array<ArrayBuffer>): Raw {
  let written: Uint8Array[] = []
  const output_write = (pointer: number, length: number) => {
    const { buffer } = instance.exports.memory as WebAssembly.Memory
    written.push(new Uint8Array(buffer).slice(pointer, pointer + length))
  }
  const instance: WebAssembly.Instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), {
    substep: { output_write },
  })
  const main = instance.exports.main as () => void
  return {
    main() {
      written = []
      main()
    },
    output: () => Uint8Array.from(written.flatMap((bytes) => [...bytes])),
  }
}
