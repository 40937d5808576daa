/** Functions of which each call is a safe point where each local is alive. */

const NUMBER = 0x9e3779b1

/** The text of a task whose only large function has so many calls and locals. */
export function hugeFunction(calls: number, locals: number): string {
  const names = Array.from({ length: locals }, (_, i) => i)
  const turn = (call: number) =>
    `(local.set ${call % locals} (call $mix (local.get ${call % locals}) (i32.const ${Math.imul(call + 1, NUMBER)})))`
  return `(module
  (import "substep" "output_write" (func $write (param i32 i32)))
  (memory (export "memory") 1)
  (func $mix (param i32 i32) (result i32)
    (i32.rotl (i32.xor (local.get 0) (i32.mul (local.get 1) (i32.const 5))) (i32.const 7)))
  (func $huge (result i32) (local ${names.map(() => 'i32').join(' ')})
    ${Array.from({ length: calls }, (_, call) => turn(call)).join('\n    ')}
    (i32.const 0) ${names.map((name) => `(local.get ${name}) (i32.add)`).join(' ')})
  (func (export "main")
    (i64.store (i32.const 0) (i64.extend_i32_u (call $huge)))
    (call $write (i32.const 0) (i32.const 8))))`
}

/** What it answers. */
export function hugeAnswer(calls: number, locals: number): Uint8Array {
  const values = new Int32Array(locals)
  for (let call = 0; call < calls; call++) {
    const mixed = values[call % locals]! ^ Math.imul(Math.imul(call + 1, NUMBER), 5)
    values[call % locals] = (mixed << 7) | (mixed >>> 25)
  }
  return new Uint8Array(
    Uint32Array.of(
      values.reduce((sum, value) => (sum + value) | 0, 0),
      0,
    ).buffer,
  )
}
