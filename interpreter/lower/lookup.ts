/** The item that an index of a validated module stands for; validation has seen to it that there is one. */
export const at = <T>(items: readonly T[], index: number, what: string): T => {
  const item = items[index]
  if (item === undefined) throw new RangeError(`no ${what} ${index} in a validated module`)
  return item
}

/** What an instruction of a validated module needs; validation has seen to it that it is there. */
export const present = <T>(item: T | null | undefined, what: string): T => {
  if (item === null || item === undefined) throw new RangeError(`no ${what} in a validated module`)
  return item
}
