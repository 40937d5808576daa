/** Something about the chain or the protocol went wrong; the class says what, the fields where. */
export class ProtocolError extends Error {
  override readonly name: string = 'ProtocolError'
}
