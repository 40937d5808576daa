import type { PlantedBug } from './bug.ts'

const WITNESS = { solidity: 'contracts/commit/Witness.sol', typescript: 'interpreter/commit/witness.ts' } as const
const MERKLE = { solidity: 'contracts/commit/Merkle.sol', typescript: 'interpreter/commit/merkle.ts' } as const
const STATE = { solidity: 'contracts/commit/StateHash.sol', typescript: 'interpreter/commit/state-hash.ts' } as const

const stepper = (name: string) => ({ file: 'test/contracts/machine/stepper.test.ts', name })
const boundaries = (name: string) => ({ file: 'test/differential/boundaries.test.ts', name })
/** Against other libraries. */
const commit = (name: string) => ({ file: 'test/contracts/commit/commit.test.ts', name })
const inTypeScript = (file: string, name: string) => ({ file: `test/interpreter/commit/${file}.test.ts`, name })

export const COMMITMENT: readonly PlantedBug[] = [
  {
    id: 'witness-too-long',
    what: 'Words behind a witness are accepted: one state has many witnesses',
    edits: [{ file: WITNESS.solidity, from: 'if (witness.length != expected)', to: 'if (witness.length < expected)' }],
    tests: [stepper('refuses a missing and a trailing sibling')],
  },
  {
    id: 'witness-too-long-everywhere',
    what: 'Both sides: words behind a witness are accepted',
    edits: [
      { file: WITNESS.solidity, from: 'if (witness.length != expected)', to: 'if (witness.length < expected)' },
      { file: WITNESS.typescript, from: 'if (words.length !== at)', to: 'if (words.length < at)' },
    ],
    tests: [inTypeScript('witness', 'with a word less or more')],
  },
  {
    id: 'witness-too-short',
    what: 'A missing sibling is read from behind the witness',
    edits: [{ file: WITNESS.solidity, from: 'if (witness.length != expected)', to: 'if (witness.length > expected)' }],
    tests: [stepper('refuses a missing and a trailing sibling')],
  },
  {
    id: 'bitmap-beyond-depth',
    what: 'Siblings above the root are accepted and ignored',
    edits: [
      {
        file: WITNESS.solidity,
        from: 'if (bitmap >> depth != 0) revert IStepper.BitmapBeyondDepth(bitmap, depth);',
        to: '',
      },
    ],
    tests: [stepper('BitmapBeyondDepth')],
  },
  {
    id: 'bitmap-beyond-depth-everywhere',
    what: 'Both sides: siblings above the root are accepted and ignored',
    edits: [
      {
        file: WITNESS.solidity,
        from: 'if (bitmap >> depth != 0) revert IStepper.BitmapBeyondDepth(bitmap, depth);',
        to: '',
      },
      {
        file: WITNESS.typescript,
        from: 'if (bitmap >> BigInt(depth) !== 0n) throw new BitmapBeyondDepth(bitmap, depth)',
        to: '',
      },
    ],
    tests: [inTypeScript('witness', 'refuses a sibling beyond the path')],
  },
  {
    id: 'registers-too-wide',
    what: 'Bits above the registers are accepted and kept',
    edits: [
      {
        file: WITNESS.solidity,
        from: 'if (regs >> Spec.REGS_BITS != 0) revert IStepper.RegistersTooWide(regs);',
        to: '',
      },
    ],
    tests: [stepper('RegistersTooWide')],
  },
  {
    id: 'empty-region-of-another-depth',
    what: 'An empty region counts as empty subtree of the level of the deepest region',
    edits: [
      {
        file: 'interpreter/commit/sparse-tree.ts',
        from: 'regionDepth(regionOf(g)) - (pathLength(g)',
        to: '27 - (pathLength(g)',
      },
    ],
    tests: [inTypeScript('sparse-tree', 'knows the height of every node')],
  },
  {
    id: 'sent-siblings-by-level',
    what: 'The witness leaves out a sibling that is an empty region, though the judge takes an empty subtree of its level',
    edits: [
      {
        file: WITNESS.typescript,
        from: 'siblings.filter((sibling, i) => !equalBytes(sibling, zeroNode(i)))',
        to: 'siblings.filter((sibling, i) => !equalBytes(sibling, zeroNode(i)) && !equalBytes(sibling, zeroNode(27)))',
      },
      {
        file: WITNESS.typescript,
        from: '(equalBytes(sibling, zeroNode(i)) ? bits',
        to: '(equalBytes(sibling, zeroNode(i)) || equalBytes(sibling, zeroNode(27)) ? bits',
      },
    ],
    tests: [{ file: 'test/interpreter/machine/machine.test.ts', name: 'whose regions are almost all empty' }],
  },
  {
    id: 'index-leaves-its-region',
    what: 'An index behind the end of a region names a leaf of the next one',
    edits: [{ file: MERKLE.solidity, from: '| (index & Bits.mask(depth))', to: '| index' }],
    tests: [commit('leafIndex')],
  },
  {
    id: 'path-sides',
    what: 'Left and right are exchanged where a read is proven',
    edits: [
      {
        file: MERKLE.solidity,
        from: 'uint256 side = (g & 1) << 5; // where',
        to: 'uint256 side = (~g & 1) << 5; // where',
      },
    ],
    tests: [boundaries('BOUND')],
  },
  {
    id: 'scratch-without-result',
    what: 'Both sides: the hash of a step in flight leaves out c and r',
    edits: [
      { file: STATE.solidity, from: 'keccak256(add(core, 0x20), 0x80)', to: 'keccak256(add(core, 0x20), 0x60)' },
      { file: STATE.typescript, from: ', (a << 128n) | b, (c << 128n) | r]', to: ', (a << 128n) | b]' },
    ],
    tests: [inTypeScript('state-hash', 'hashes misc, word and the two pairs of operands')],
  },
  {
    id: 'state-hash-order',
    what: 'Both sides: registers come before the root in the hash of a state',
    edits: [
      { file: STATE.solidity, from: 'abi.encode(root, regs, scratch)', to: 'abi.encode(regs, root, scratch)' },
      {
        file: STATE.typescript,
        from: 'preimage.set(root, 0)\n  preimage.set(bytesOf(core.regs), 32)',
        to: 'preimage.set(bytesOf(core.regs), 0)\n  preimage.set(root, 32)',
      },
    ],
    tests: [inTypeScript('state-hash', 'at an instruction boundary')],
  },
  {
    id: 'program-without-version',
    what: 'Both sides: the name of a program does not depend on the version of the machine',
    edits: [
      {
        file: STATE.solidity,
        from: 'abi.encode(roots, regs, Spec.MACHINE_VERSION)',
        to: 'abi.encode(roots, regs, uint256(0))',
      },
      { file: STATE.typescript, from: 'bytesOf(BigInt(MACHINE_VERSION))', to: 'bytesOf(0n * BigInt(MACHINE_VERSION))' },
    ],
    tests: [inTypeScript('state-hash', 'hashes ten words')],
  },
  {
    id: 'program-that-has-run',
    what: 'A program may begin with steps done',
    edits: [{ file: STATE.solidity, from: 'startable = Bits.withField(startable, Spec.REGS_STEPS, 0);', to: '' }],
    tests: [commit('ProgramAlreadyStarted')],
  },
  {
    id: 'program-with-output',
    what: 'A program may begin with an output',
    edits: [
      {
        file: STATE.solidity,
        from: '_requireEmpty(Spec.REGION_OUTPUT, roots[Spec.REGION_OUTPUT], Spec.EMPTY_OUTPUT);',
        to: '',
      },
    ],
    tests: [commit('ProgramRegionNotEmpty')],
  },
  {
    id: 'input-length-order',
    what: 'The length of an input is written in big-endian order',
    edits: [
      {
        file: 'contracts/commit/ByteTree.sol',
        from: 'bytes32(Bits.reverseBytes(data.length))',
        to: 'bytes32(data.length)',
      },
    ],
    tests: [commit('byteTreeRoot')],
  },
  {
    id: 'input-odd-level',
    what: 'The last node of an odd level is paired with whatever lies behind it',
    edits: [
      {
        file: 'contracts/commit/ByteTree.sol',
        from: 'if (count % 2 == 1) nodes[count] = Merkle.zeroNode(zeros, level);',
        to: '',
      },
    ],
    tests: [commit('byteTreeRoot')],
  },
  {
    id: 'right-half-not-rehashed',
    what: 'What changed in the right half of a chunk of the tree does not reach the root',
    edits: [
      {
        file: 'interpreter/commit/rebuild.ts',
        from: 'halved(pairs[i]!) << (',
        to: 'halved(pairs[i]!) >>> (',
      },
    ],
    tests: [inTypeScript('region-tree', 'has the root of an independent tree')],
  },
  {
    id: 'unfinished-share-read',
    what: 'Digests are read from a thread that has not written them yet',
    edits: [
      {
        file: 'interpreter/commit/rebuild.ts',
        from: 'if (queue.isIdle(slot)) this.#read(slot, batch)\n      else this.#hashHere(slot, batch)',
        to: 'this.#read(slot, batch)',
      },
    ],
    tests: [inTypeScript('hash-threads', 'has taken and never gives back')],
  },
  {
    id: 'late-share-read',
    what: 'A slot is filled again while a thread is late with it, and may yet write to it',
    edits: [
      {
        file: 'interpreter/commit/rebuild.ts',
        from: 'if (!this.#lent.has(slot) && queue.isIdle(slot))',
        to: 'if (!this.#lent.has(slot))',
      },
    ],
    tests: [inTypeScript('hash-threads', 'reads nothing that came too late')],
  },
  {
    id: 'cut-forgets-the-base',
    what: 'Slots that only the base tree holds come back after a cut',
    edits: [
      {
        file: 'interpreter/commit/sparse-tree.ts',
        from: 'this.#cutFrom = Math.min(this.#cutFrom, g)',
        to: 'this.#cutFrom = Math.max(this.#cutFrom, g)',
      },
    ],
    tests: [inTypeScript('sparse-tree', 'changes a base that it leaves alone')],
  },
  {
    id: 'store-across-blocks-not-noted',
    what: 'A store of the fast run into two blocks notes only the first for the next hash',
    edits: [
      {
        file: 'interpreter/machine/run.ts',
        from: 'markDirty(dirty, at)\n        markDirty(dirty, at + 7)',
        to: 'markDirty(dirty, at)',
      },
    ],
    tests: [{ file: 'test/differential/replay.test.ts', name: 'i64.store crosses 4096 bytes' }],
  },
  {
    id: 'fallen-slots-not-noted',
    what: 'Slots that were live at the last hash stay in the tree when the stack has fallen',
    edits: [{ file: 'interpreter/machine/committed-numbers.ts', from: 'Math.max(end, this.end)', to: 'end' }],
    tests: [{ file: 'test/interpreter/machine/store.test.ts', name: 'asked at every step or once' }],
  },
  {
    id: 'traced-globals-not-noted',
    what: 'What a trace has hashed of a global is forgotten: a value from before it counts as committed to',
    edits: [
      {
        file: 'interpreter/machine/wave.ts',
        from: 'this.#commitment.globals, index',
        to: 'new CommittedNumbers(), index',
      },
      { file: 'interpreter/machine/wave.ts', from: 'type CommittedNumbers', to: 'CommittedNumbers' },
    ],
    tests: [{ file: 'test/interpreter/machine/store.test.ts', name: 'knows after a trace' }],
  },
  {
    id: 'stored-entry-not-noted',
    what: 'A table.set of the fast run does not reach the next hash',
    edits: [
      {
        file: 'interpreter/machine/tables.ts',
        from: 'present[entry] = 1\n  dirty[entry >>> ENTRY_BLOCK_BITS] = 1',
        to: 'present[entry] = 1\n  dirty[entry >>> ENTRY_BLOCK_BITS] ||= 0',
      },
    ],
    tests: [{ file: 'test/interpreter/machine/store.test.ts', name: 'at their leaves' }],
  },
]
