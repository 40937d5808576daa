/** The item that an index of a validated module stands for; validation has seen to it that there is one. */
export const at = <T>(items: readonly T[], index: number, what: string): T => {
  const item = items[index]
  if (item === undefined) throw new RangeError(`no ${what} ${index} in a validated module`)
  return item
}
