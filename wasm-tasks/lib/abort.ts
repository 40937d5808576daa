// memory: [0,4) message | [4,8) file | [8,12) line | [12,16) column, little-endian u32
// Message and file point to UTF-16LE text whose byte length is the u32 at pointer - 4; 0 = no text.
// A line other than 0 says that the task aborted.

const RECORD: usize = 0

/** Called by a failed assertion or a throw: keeps what is known in memory, where the trapped state shows it. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  store<usize>(RECORD, changetype<usize>(message))
  store<usize>(RECORD, changetype<usize>(file), 4)
  store<u32>(RECORD, line, 8)
  store<u32>(RECORD, column, 12)
  unreachable()
}
