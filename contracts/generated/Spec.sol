// Generated from spec/*.ts by `npm run generate`. Do not edit.
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The machine as data; its meaning is in docs/machine.md.
library Spec {
    // Limits: spec/limits.ts
    uint256 internal constant MACHINE_VERSION = 2;
    uint256 internal constant SUBSTEPS = 12;
    uint256 internal constant STACK_LIMIT = 1048575;
    uint256 internal constant MAX_PAGES = 65536;
    uint256 internal constant PAGE_BITS = 16;
    uint256 internal constant SLOT_BITS = 128;
    uint256 internal constant TABLE_PRESENT_BIT = 64;

    // Regions: spec/regions.ts
    uint256 internal constant REGION_LEVELS = 3;
    uint256 internal constant REGION_CODE = 0;
    uint256 internal constant REGION_MEMORY = 1;
    uint256 internal constant REGION_STACK = 2;
    uint256 internal constant REGION_GLOBALS = 3;
    uint256 internal constant REGION_TABLES = 4;
    uint256 internal constant REGION_DATA = 5;
    uint256 internal constant REGION_INPUT = 6;
    uint256 internal constant REGION_OUTPUT = 7;
    uint256 internal constant DEPTH_CODE = 24;
    uint256 internal constant DEPTH_MEMORY = 27;
    uint256 internal constant DEPTH_STACK = 20;
    uint256 internal constant DEPTH_GLOBALS = 16;
    uint256 internal constant DEPTH_TABLES = 24;
    uint256 internal constant DEPTH_DATA = 27;
    uint256 internal constant DEPTH_INPUT = 27;
    uint256 internal constant DEPTH_OUTPUT = 27;
    uint256 internal constant DEPTHS = 0x1b1b1b1810141b18; // byte i: levels of region i
    uint256 internal constant BYTE_REGIONS = 0xe2; // bit i: region i is byte-addressed
    uint256 internal constant LOADABLE_REGIONS = 0xfa; // bit i: an instruction may load from region i
    uint256 internal constant STORABLE_REGIONS = 0x9a; // bit i: an instruction may store to region i

    // Fields of packed words, low bit << 8 | width: spec/layout.ts
    uint256 internal constant REGS_EXIT = (0 << 8) | 32; // bits 0-31
    uint256 internal constant REGS_STATUS = (32 << 8) | 8; // bits 32-39
    uint256 internal constant REGS_PAGES = (40 << 8) | 32; // bits 40-71
    uint256 internal constant REGS_SP = (72 << 8) | 32; // bits 72-103
    uint256 internal constant REGS_PC = (104 << 8) | 32; // bits 104-135
    uint256 internal constant REGS_STEPS = (136 << 8) | 64; // bits 136-199
    uint256 internal constant REGS_BITS = 200;
    uint256 internal constant MISC_SUBSTEP = (0 << 8) | 8; // bits 0-7
    uint256 internal constant MISC_TRAP = (8 << 8) | 32; // bits 8-39
    uint256 internal constant MISC_NEXT = (40 << 8) | 32; // bits 40-71
    uint256 internal constant MISC_PAGES = (72 << 8) | 32; // bits 72-103
    uint256 internal constant WORD_IMM_LO = (0 << 8) | 32; // bits 0-31
    uint256 internal constant WORD_IMM_HI = (32 << 8) | 32; // bits 32-63
    uint256 internal constant WORD_DELTA = (64 << 8) | 32; // bits 64-95
    uint256 internal constant WORD_RESULT = (96 << 8) | 32; // bits 96-127
    uint256 internal constant WORD_C = (128 << 8) | 32; // bits 128-159
    uint256 internal constant WORD_B = (160 << 8) | 32; // bits 160-191
    uint256 internal constant WORD_A = (192 << 8) | 32; // bits 192-223
    uint256 internal constant WORD_ACCESS = (224 << 8) | 8; // bits 224-231
    uint256 internal constant WORD_UNIT = (232 << 8) | 8; // bits 232-239
    uint256 internal constant WORD_CONTROL = (240 << 8) | 8; // bits 240-247
    uint256 internal constant WORD_ALU = (248 << 8) | 8; // bits 248-255
    uint256 internal constant UNIT_REGION_MASK = 7;
    uint256 internal constant UNIT_LOAD = 8;
    uint256 internal constant UNIT_STORE = 16;
    uint256 internal constant UNIT_WRITE = 32;
    uint256 internal constant UNIT_WINDOW = 64;
    uint256 internal constant ACCESS_WIDTH_MASK = 7;
    uint256 internal constant ACCESS_MAX_WIDTH_LOG2 = 4;
    uint256 internal constant ACCESS_EXTENSION_SHIFT = 3;
    uint256 internal constant ACCESS_EXTENSION_MASK = 3;
    uint256 internal constant EXTENSION_ZERO = 0;
    uint256 internal constant EXTENSION_SIGN32 = 1;
    uint256 internal constant EXTENSION_SIGN64 = 2;
    uint256 internal constant TABLE_CAPACITY_MASK = 31;

    // ALU operations: spec/alu.ts
    uint256 internal constant ALU_ZERO = 0;
    uint256 internal constant ALU_A = 1;
    uint256 internal constant ALU_B = 2;
    uint256 internal constant ALU_LOADED = 3;
    uint256 internal constant ALU_IMM64 = 4;
    uint256 internal constant ALU_SELECT = 5;
    uint256 internal constant ALU_PAGES = 6;
    uint256 internal constant ALU_GROW = 7;
    uint256 internal constant ALU_ENTER = 8;
    uint256 internal constant ALU_BOUND = 9;
    uint256 internal constant ALU_CHECKREF = 10;
    uint256 internal constant I32_BASE = 32;
    uint256 internal constant I64_BASE = 64;
    uint256 internal constant INTEGER_OPS = 32; // codes from each base on
    uint256 internal constant OP_EQZ = 0;
    uint256 internal constant OP_EQ = 1;
    uint256 internal constant OP_NE = 2;
    uint256 internal constant OP_LT_S = 3;
    uint256 internal constant OP_LT_U = 4;
    uint256 internal constant OP_GT_S = 5;
    uint256 internal constant OP_GT_U = 6;
    uint256 internal constant OP_LE_S = 7;
    uint256 internal constant OP_LE_U = 8;
    uint256 internal constant OP_GE_S = 9;
    uint256 internal constant OP_GE_U = 10;
    uint256 internal constant OP_CLZ = 11;
    uint256 internal constant OP_CTZ = 12;
    uint256 internal constant OP_POPCNT = 13;
    uint256 internal constant OP_ADD = 14;
    uint256 internal constant OP_SUB = 15;
    uint256 internal constant OP_MUL = 16;
    uint256 internal constant OP_DIV_S = 17;
    uint256 internal constant OP_DIV_U = 18;
    uint256 internal constant OP_REM_S = 19;
    uint256 internal constant OP_REM_U = 20;
    uint256 internal constant OP_AND = 21;
    uint256 internal constant OP_OR = 22;
    uint256 internal constant OP_XOR = 23;
    uint256 internal constant OP_SHL = 24;
    uint256 internal constant OP_SHR_S = 25;
    uint256 internal constant OP_SHR_U = 26;
    uint256 internal constant OP_ROTL = 27;
    uint256 internal constant OP_ROTR = 28;
    uint256 internal constant OP_EXT8 = 29;
    uint256 internal constant OP_EXT16 = 30;
    uint256 internal constant OP_EXT32 = 31;
    uint256 internal constant F32_BASE = 128;
    uint256 internal constant F64_BASE = 160;
    uint256 internal constant FLOAT_ADD = 0;
    uint256 internal constant FLOAT_SUB = 1;
    uint256 internal constant FLOAT_MUL = 2;
    uint256 internal constant FLOAT_DIV = 3;
    uint256 internal constant FLOAT_MIN = 4;
    uint256 internal constant FLOAT_MAX = 5;
    uint256 internal constant FLOAT_COPYSIGN = 6;
    uint256 internal constant FLOAT_EQ = 8;
    uint256 internal constant FLOAT_NE = 9;
    uint256 internal constant FLOAT_LT = 10;
    uint256 internal constant FLOAT_GT = 11;
    uint256 internal constant FLOAT_LE = 12;
    uint256 internal constant FLOAT_GE = 13;
    uint256 internal constant FLOAT_ABS = 16;
    uint256 internal constant FLOAT_NEG = 17;
    uint256 internal constant FLOAT_SQRT = 18;
    uint256 internal constant FLOAT_CEIL = 19;
    uint256 internal constant FLOAT_FLOOR = 20;
    uint256 internal constant FLOAT_TRUNC = 21;
    uint256 internal constant FLOAT_NEAREST = 22;
    uint256 internal constant FLOAT_CONVERT_I32_S = 24;
    uint256 internal constant FLOAT_CONVERT_I32_U = 25;
    uint256 internal constant FLOAT_CONVERT_I64_S = 26;
    uint256 internal constant FLOAT_CONVERT_I64_U = 27;
    uint256 internal constant FLOAT_CONVERSION = 28;
    uint256 internal constant FLOAT_OPS = 0x1f7f3f7f; // bit k: there is an operation k codes from each base on
    uint256 internal constant TRUNCATE_BASE = 192;
    uint256 internal constant TRUNCATE_UNSIGNED = 1;
    uint256 internal constant TRUNCATE_I64 = 2;
    uint256 internal constant TRUNCATE_SATURATING = 4;
    uint256 internal constant TRUNCATE_F64 = 8;
    uint256 internal constant TRUNCATE_KINDS = 16; // codes from the base on

    // Controls: spec/control.ts
    uint256 internal constant CONTROL_TRAP = 0;
    uint256 internal constant CONTROL_NEXT = 1;
    uint256 internal constant CONTROL_JUMP = 2;
    uint256 internal constant CONTROL_JUMPZ = 3;
    uint256 internal constant CONTROL_JUMPNZ = 4;
    uint256 internal constant CONTROL_TABLE = 5;
    uint256 internal constant CONTROL_CALL = 6;
    uint256 internal constant CONTROL_CALLREF = 7;
    uint256 internal constant CONTROL_RETURN = 8;
    uint256 internal constant CONTROL_HALT = 9;

    // Substeps: spec/substeps.ts
    uint256 internal constant SUBSTEP_FETCH = 0;
    uint256 internal constant SUBSTEP_OPERAND_A = 1;
    uint256 internal constant SUBSTEP_OPERAND_B = 2;
    uint256 internal constant SUBSTEP_OPERAND_C = 3;
    uint256 internal constant SUBSTEP_ADDRESS = 4;
    uint256 internal constant SUBSTEP_LOAD_LOW = 5;
    uint256 internal constant SUBSTEP_LOAD_HIGH = 6;
    uint256 internal constant SUBSTEP_EXECUTE = 7;
    uint256 internal constant SUBSTEP_STORE_LOW = 8;
    uint256 internal constant SUBSTEP_STORE_HIGH = 9;
    uint256 internal constant SUBSTEP_WRITE_BACK = 10;
    uint256 internal constant SUBSTEP_RETIRE = 11;

    // Status and traps: spec/traps.ts
    uint256 internal constant STATUS_RUNNING = 0;
    uint256 internal constant STATUS_HALTED = 1;
    uint256 internal constant STATUS_TRAPPED = 2;
    uint256 internal constant TRAP_NONE = 0;
    uint256 internal constant TRAP_UNREACHABLE = 1;
    uint256 internal constant TRAP_MEMORY_BOUNDS = 2;
    uint256 internal constant TRAP_DIVISION_BY_ZERO = 3;
    uint256 internal constant TRAP_INTEGER_OVERFLOW = 4;
    uint256 internal constant TRAP_INVALID_CONVERSION = 5;
    uint256 internal constant TRAP_UNDEFINED_ELEMENT = 6;
    uint256 internal constant TRAP_UNINITIALIZED_ELEMENT = 7;
    uint256 internal constant TRAP_TYPE_MISMATCH = 8;
    uint256 internal constant TRAP_TABLE_BOUNDS = 9;
    uint256 internal constant TRAP_STACK_EXHAUSTED = 10;
    uint256 internal constant TRAP_ILLEGAL = 11;

    // Roots of empty regions; of empty subtrees by level, 32 bytes each: Z[0] = 0, Z[i+1] = keccak256(Z[i], Z[i])
    bytes32 internal constant EMPTY_CODE = 0xcdc72595f74c7b1043d0e1ffbab734648c838dfb0527d971b602bc216c9619ef;
    bytes32 internal constant EMPTY_MEMORY = 0x838c5655cb21c6cb83313b5a631175dff4963772cce9108188b34ac87c81c41e;
    bytes32 internal constant EMPTY_STACK = 0xc65e9645644786b620e2dd2ad648ddfcbf4a7e5b1a3a4ecfe7f64667a3f0b7e2;
    bytes32 internal constant EMPTY_GLOBALS = 0x2733e50f526ec2fa19a22b31e8ed50f23cd1fdf94c9154ed3a7609a2f1ff981f;
    bytes32 internal constant EMPTY_TABLES = 0xcdc72595f74c7b1043d0e1ffbab734648c838dfb0527d971b602bc216c9619ef;
    bytes32 internal constant EMPTY_DATA = 0x838c5655cb21c6cb83313b5a631175dff4963772cce9108188b34ac87c81c41e;
    bytes32 internal constant EMPTY_INPUT = 0x838c5655cb21c6cb83313b5a631175dff4963772cce9108188b34ac87c81c41e;
    bytes32 internal constant EMPTY_OUTPUT = 0x838c5655cb21c6cb83313b5a631175dff4963772cce9108188b34ac87c81c41e;
    bytes internal constant ZERO_NODES =
        hex"0000000000000000000000000000000000000000000000000000000000000000"
        hex"ad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5"
        hex"b4c11951957c6f8f642c4af61cd6b24640fec6dc7fc607ee8206a99e92410d30"
        hex"21ddb9a356815c3fac1026b6dec5df3124afbadb485c9ba5a3e3398a04b7ba85"
        hex"e58769b32a1beaf1ea27375a44095a0d1fb664ce2dd358e7fcbfb78c26a19344"
        hex"0eb01ebfc9ed27500cd4dfc979272d1f0913cc9f66540d7e8005811109e1cf2d"
        hex"887c22bd8750d34016ac3c66b5ff102dacdd73f6b014e710b51e8022af9a1968"
        hex"ffd70157e48063fc33c97a050f7f640233bf646cc98d9524c6b92bcf3ab56f83"
        hex"9867cc5f7f196b93bae1e27e6320742445d290f2263827498b54fec539f756af"
        hex"cefad4e508c098b9a7e1d8feb19955fb02ba9675585078710969d3440f5054e0"
        hex"f9dc3e7fe016e050eff260334f18a5d4fe391d82092319f5964f2e2eb7c1c3a5"
        hex"f8b13a49e282f609c317a833fb8d976d11517c571d1221a265d25af778ecf892"
        hex"3490c6ceeb450aecdc82e28293031d10c7d73bf85e57bf041a97360aa2c5d99c"
        hex"c1df82d9c4b87413eae2ef048f94b4d3554cea73d92b0f7af96e0271c691e2bb"
        hex"5c67add7c6caf302256adedf7ab114da0acfe870d449a3a489f781d659e8becc"
        hex"da7bce9f4e8618b6bd2f4132ce798cdc7a60e7e1460a7299e3c6342a579626d2"
        hex"2733e50f526ec2fa19a22b31e8ed50f23cd1fdf94c9154ed3a7609a2f1ff981f"
        hex"e1d3b5c807b281e4683cc6d6315cf95b9ade8641defcb32372f1c126e398ef7a"
        hex"5a2dce0a8a7f68bb74560f8f71837c2c2ebbcbf7fffb42ae1896f13f7c7479a0"
        hex"b46a28b6f55540f89444f63de0378e3d121be09e06cc9ded1c20e65876d36aa0"
        hex"c65e9645644786b620e2dd2ad648ddfcbf4a7e5b1a3a4ecfe7f64667a3f0b7e2"
        hex"f4418588ed35a2458cffeb39b93d26f18d2ab13bdce6aee58e7b99359ec2dfd9"
        hex"5a9c16dc00d6ef18b7933a6f8dc65ccb55667138776f7dea101070dc8796e377"
        hex"4df84f40ae0c8229d0d6069e5c8f39a7c299677a09d367fc7b05e3bc380ee652"
        hex"cdc72595f74c7b1043d0e1ffbab734648c838dfb0527d971b602bc216c9619ef"
        hex"0abf5ac974a1ed57f4050aa510dd9c74f508277b39d7973bb2dfccc5eeb0618d"
        hex"b8cd74046ff337f0a7bf2c8e03e10f642c1886798d71806ab1e888d9e5ee87d0"
        hex"838c5655cb21c6cb83313b5a631175dff4963772cce9108188b34ac87c81c41e"
        hex"662ee4dd2dd7b2bc707961b1e646c4047669dcb6584f0d8d770daf5d7e7deb2e"
        hex"388ab20e2573d171a88108e79d820e98f26c0b84aa8b2f4aa4968dbb818ea322";
}
