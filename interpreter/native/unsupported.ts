/** The engine cannot run a program, or not as it has to: the interpreter runs it. */
export class NativeUnsupported extends Error {
  override readonly name = 'NativeUnsupported'
  readonly reason: string
  constructor(reason: string, options?: ErrorOptions) {
    super(`the engine cannot run the program: ${reason}`, options)
    this.reason = reason
  }
}
