// One-word instructions of the machine, for runtime functions only: INTRINSICS in spec/task-abi.ts. Addresses count
// bytes of their region, or leaves of TABLES and GLOBALS.

@external('machine', 'input_load8')
export declare function input_load8(address: u32): u32

@external('machine', 'input_load64')
export declare function input_load64(address: u32): u64

@external('machine', 'output_load64')
export declare function output_load64(address: u32): u64

@external('machine', 'output_store8')
export declare function output_store8(address: u32, value: u32): void

@external('machine', 'output_store64')
export declare function output_store64(address: u32, value: u64): void

@external('machine', 'data_load8')
export declare function data_load8(address: u32): u32

@external('machine', 'data_load64')
export declare function data_load64(address: u32): u64

@external('machine', 'table_load')
export declare function table_load(leaf: u32): u64

@external('machine', 'table_store')
export declare function table_store(leaf: u32, reference: u64): void

@external('machine', 'global_load')
export declare function global_load(leaf: u32): u32

@external('machine', 'global_store')
export declare function global_store(leaf: u32, value: u32): void

@external('machine', 'trap_memory_bounds')
export declare function trap_memory_bounds(): void

@external('machine', 'trap_table_bounds')
export declare function trap_table_bounds(): void
