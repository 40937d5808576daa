/** What a task does as it is, in the engine, with a host that only takes the output. */
export interface RawRun {
  main(): void
  /** What main has written. */
  output(): Uint8Array
}

/** Memory is fresh, as for every run of a task; code stays as warm as the module's other runs have made it. */
export function rawRun(module: WebAssembly.Module): RawRun {
  const written: Uint8Array[] = []
  const output_write = (pointer: number, length: number) => {
    const { buffer } = instance.exports.memory as WebAssembly.Memory
    written.push(new Uint8Array(buffer).slice(pointer, pointer + length))
  }
  const instance: WebAssembly.Instance = new WebAssembly.Instance(module, { substep: { output_write } })
  return {
    main: instance.exports.main as () => void,
    output: () => Uint8Array.from(written.flatMap((bytes) => [...bytes])),
  }
}
