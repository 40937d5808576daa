import { InputRefused } from '../input-refused.ts'

const ITEM_BYTES = 4

/**
 * The little-endian u32 of the input in ascending order, by the language's own sort.
 * @throws InputRefused if the length is not a multiple of four
 */
export function sortU32(input: Uint8Array): Uint8Array {
  if (input.length % ITEM_BYTES !== 0) throw new InputRefused('the input is not a whole number of u32')
  const source = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const items = Uint32Array.from({ length: input.length / ITEM_BYTES }, (_, i) =>
    source.getUint32(ITEM_BYTES * i, true),
  )
  const output = new Uint8Array(input.length)
  const target = new DataView(output.buffer)
  for (const [i, item] of items.sort().entries()) target.setUint32(ITEM_BYTES * i, item, true)
  return output
}
