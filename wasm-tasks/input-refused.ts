/** The task traps with this message as its abort record, because the input is not what its README asks for. */
export class InputRefused extends Error {
  override readonly name = 'InputRefused'
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}
