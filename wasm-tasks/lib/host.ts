// The three host functions, as spec/task-abi.md defines them.

// Puts the abort function into every task, for the compiler's flag that names it.
import './abort'

/** Length of the input in bytes. */
@external('substep', 'input_size')
export declare function inputSize(): u32

/** Copies at most length bytes of the input from offset to pointer and returns how many there were. */
@external('substep', 'input_read')
export declare function readInput(offset: u32, pointer: usize, length: u32): u32

/** Appends length bytes from pointer to the output. */
@external('substep', 'output_write')
export declare function writeOutput(pointer: usize, length: u32): void
