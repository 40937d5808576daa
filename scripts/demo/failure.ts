/** Something is not as it should be; `check` names what was looked at. */
export class DemoFailed extends Error {
  override readonly name = 'DemoFailed'
  readonly check: string
  constructor(check: string, detail: string) {
    super(`${check}: ${detail}`)
    this.check = check
  }
}

/** `value`, which must be there. */
export function present<T>(check: string, what: string, value: T | undefined | null): T {
  if (value === undefined || value === null) throw new DemoFailed(check, `there is no ${what}`)
  return value
}
