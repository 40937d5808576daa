/** Limits of the machine. Source: docs/machine.md, "State". */

/** Version of the machine; part of every program id. A changed golden vector needs a new version. */
export const MACHINE_VERSION = 2

/** Number of substeps in every step. */
export const SUBSTEPS = 12

/** Stack slots of the machine: a slot index is below this, sp at most this. */
export const STACK_LIMIT = 2 ** 20 - 1

/** Pages a memory can have in any case: 2^32 bytes. */
export const MAX_PAGES = 2 ** 16

/**
 * Largest growth target a lowering writes into GROW: leaves the native tier 64 MiB of the 4 GiB. Second memories of
 * linked modules are windows of MEMORY from this page on.
 */
export const MAX_GROW_PAGES = 64512

/** Bytes of a WebAssembly page are 2^16. */
export const PAGE_BITS = 16

/** Largest operand, in bits; room for v128. */
export const SLOT_BITS = 128

/** A present table leaf is this plus the 64-bit reference; 0 means out of bounds. */
export const TABLE_PRESENT_BIT = 64

/** Longest byte string that an INPUT or OUTPUT region can hold: 2^32 minus the length leaf. */
export const MAX_BYTES = 2 ** 32 - 32
