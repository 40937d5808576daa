/** What follows an opcode. */
export type ImmediateKind =
  | 'none'
  | 'block'
  | 'label'
  | 'labels'
  | 'function'
  | 'type'
  | 'local'
  | 'global'
  | 'memarg'
  | 'memory'
  | 'i32'
  | 'i64'

/**
 * The integer instructions of WebAssembly 1.0: opcode, name, immediate.
 * Source: WebAssembly core specification, "Binary Format", "Instructions".
 */
export const OPCODES = [
  [0x00, 'unreachable', 'none'],
  [0x01, 'nop', 'none'],
  [0x02, 'block', 'block'],
  [0x03, 'loop', 'block'],
  [0x04, 'if', 'block'],
  [0x05, 'else', 'none'],
  [0x0b, 'end', 'none'],
  [0x0c, 'br', 'label'],
  [0x0d, 'br_if', 'label'],
  [0x0e, 'br_table', 'labels'],
  [0x0f, 'return', 'none'],
  [0x10, 'call', 'function'],
  [0x11, 'call_indirect', 'type'],
  [0x1a, 'drop', 'none'],
  [0x1b, 'select', 'none'],
  [0x20, 'local.get', 'local'],
  [0x21, 'local.set', 'local'],
  [0x22, 'local.tee', 'local'],
  [0x23, 'global.get', 'global'],
  [0x24, 'global.set', 'global'],
  [0x28, 'i32.load', 'memarg'],
  [0x29, 'i64.load', 'memarg'],
  [0x2c, 'i32.load8_s', 'memarg'],
  [0x2d, 'i32.load8_u', 'memarg'],
  [0x2e, 'i32.load16_s', 'memarg'],
  [0x2f, 'i32.load16_u', 'memarg'],
  [0x30, 'i64.load8_s', 'memarg'],
  [0x31, 'i64.load8_u', 'memarg'],
  [0x32, 'i64.load16_s', 'memarg'],
  [0x33, 'i64.load16_u', 'memarg'],
  [0x34, 'i64.load32_s', 'memarg'],
  [0x35, 'i64.load32_u', 'memarg'],
  [0x36, 'i32.store', 'memarg'],
  [0x37, 'i64.store', 'memarg'],
  [0x3a, 'i32.store8', 'memarg'],
  [0x3b, 'i32.store16', 'memarg'],
  [0x3c, 'i64.store8', 'memarg'],
  [0x3d, 'i64.store16', 'memarg'],
  [0x3e, 'i64.store32', 'memarg'],
  [0x3f, 'memory.size', 'memory'],
  [0x40, 'memory.grow', 'memory'],
  [0x41, 'i32.const', 'i32'],
  [0x42, 'i64.const', 'i64'],
  [0x45, 'i32.eqz', 'none'],
  [0x46, 'i32.eq', 'none'],
  [0x47, 'i32.ne', 'none'],
  [0x48, 'i32.lt_s', 'none'],
  [0x49, 'i32.lt_u', 'none'],
  [0x4a, 'i32.gt_s', 'none'],
  [0x4b, 'i32.gt_u', 'none'],
  [0x4c, 'i32.le_s', 'none'],
  [0x4d, 'i32.le_u', 'none'],
  [0x4e, 'i32.ge_s', 'none'],
  [0x4f, 'i32.ge_u', 'none'],
  [0x50, 'i64.eqz', 'none'],
  [0x51, 'i64.eq', 'none'],
  [0x52, 'i64.ne', 'none'],
  [0x53, 'i64.lt_s', 'none'],
  [0x54, 'i64.lt_u', 'none'],
  [0x55, 'i64.gt_s', 'none'],
  [0x56, 'i64.gt_u', 'none'],
  [0x57, 'i64.le_s', 'none'],
  [0x58, 'i64.le_u', 'none'],
  [0x59, 'i64.ge_s', 'none'],
  [0x5a, 'i64.ge_u', 'none'],
  [0x67, 'i32.clz', 'none'],
  [0x68, 'i32.ctz', 'none'],
  [0x69, 'i32.popcnt', 'none'],
  [0x6a, 'i32.add', 'none'],
  [0x6b, 'i32.sub', 'none'],
  [0x6c, 'i32.mul', 'none'],
  [0x6d, 'i32.div_s', 'none'],
  [0x6e, 'i32.div_u', 'none'],
  [0x6f, 'i32.rem_s', 'none'],
  [0x70, 'i32.rem_u', 'none'],
  [0x71, 'i32.and', 'none'],
  [0x72, 'i32.or', 'none'],
  [0x73, 'i32.xor', 'none'],
  [0x74, 'i32.shl', 'none'],
  [0x75, 'i32.shr_s', 'none'],
  [0x76, 'i32.shr_u', 'none'],
  [0x77, 'i32.rotl', 'none'],
  [0x78, 'i32.rotr', 'none'],
  [0x79, 'i64.clz', 'none'],
  [0x7a, 'i64.ctz', 'none'],
  [0x7b, 'i64.popcnt', 'none'],
  [0x7c, 'i64.add', 'none'],
  [0x7d, 'i64.sub', 'none'],
  [0x7e, 'i64.mul', 'none'],
  [0x7f, 'i64.div_s', 'none'],
  [0x80, 'i64.div_u', 'none'],
  [0x81, 'i64.rem_s', 'none'],
  [0x82, 'i64.rem_u', 'none'],
  [0x83, 'i64.and', 'none'],
  [0x84, 'i64.or', 'none'],
  [0x85, 'i64.xor', 'none'],
  [0x86, 'i64.shl', 'none'],
  [0x87, 'i64.shr_s', 'none'],
  [0x88, 'i64.shr_u', 'none'],
  [0x89, 'i64.rotl', 'none'],
  [0x8a, 'i64.rotr', 'none'],
  [0xa7, 'i32.wrap_i64', 'none'],
  [0xac, 'i64.extend_i32_s', 'none'],
  [0xad, 'i64.extend_i32_u', 'none'],
] as const satisfies readonly (readonly [opcode: number, op: string, immediate: ImmediateKind])[]

export type OpcodeRow = (typeof OPCODES)[number]

/** Instructions that have an immediate of kind K. */
export type OpWith<K extends ImmediateKind> = Extract<OpcodeRow, readonly [number, string, K]>[1]

/** Row by opcode. */
export const OPCODE_ROWS: ReadonlyMap<number, OpcodeRow> = new Map(OPCODES.map((row) => [row[0], row]))
