// All functions of the runtime, which become part of a program where it uses them.
export { memory_copy, memory_fill, memory_init, window_grow } from './memory'
export { table_copy, table_fill, table_grow, table_init } from './tables'
export { input_read, input_size, output_write } from './task-abi'
