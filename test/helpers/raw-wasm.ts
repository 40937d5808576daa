/** Sections by id, byte by byte, for modules that no builder makes. */
export type RawSection = readonly [id: number, contents: readonly number[]]

/** Bytes before the first section. */
export const HEADER_BYTES = 8

/** Bytes of a section's id and size, if it is shorter than 128 bytes. */
export const SECTION_HEADER_BYTES = 2

/** Unsigned LEB128 of a number below 2^53. */
export const rawNumber = (value: number): number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...rawNumber(Math.floor(value / 0x80))]

/** A module of these sections; the sizes of the sections are filled in. */
export const rawModule = (...sections: readonly RawSection[]): Uint8Array<ArrayBuffer> => {
  const parts = sections.flatMap(([id, contents]) => [[id], rawNumber(contents.length), contents])
  return Uint8Array.from([[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], ...parts].flat())
}

/** A name as the format has it: length and bytes. */
export const rawName = (text: string): number[] => {
  const bytes = [...new TextEncoder().encode(text)]
  return [...rawNumber(bytes.length), ...bytes]
}

/** Offset of the first byte of the code in a module of `rawFunction`. */
export const RAW_CODE_OFFSET = HEADER_BYTES + 6 + 4 + SECTION_HEADER_BYTES + 3

/** One function of no arguments, results and locals whose body is these bytes, `end` not added; below 120 bytes. */
export const rawFunction = (...body: readonly number[]): Uint8Array<ArrayBuffer> =>
  rawModule([1, [1, 0x60, 0, 0]], [3, [1, 0]], [10, [1, body.length + 1, 0, ...body]])
