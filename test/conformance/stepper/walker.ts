import { field } from '../../../interpreter/commit/bits.ts'
import { regionDepth, regionIndex } from '../../../interpreter/commit/merkle.ts'
import type { Core } from '../../../interpreter/commit/state-hash.ts'
import { boundaryCore } from '../../../interpreter/machine/boundary.ts'
import { advance, touch } from '../../../interpreter/machine/step.ts'
import { REGION, REGS, SUBSTEPS } from '../../../spec/index.ts'
import type { LiveTree, Path } from './live-tree.ts'
import type { Packet } from './packet.ts'

const WORD = 32
const STACK_LEAVES = regionIndex(REGION.STACK) * 2 ** regionDepth(REGION.STACK)

/** A core as bytes: `[root, regs, scratch hash]` is what a state hash is made of, `[misc, word, ab, cr]` the scratch. */
class CoreBytes {
  readonly state: number
  readonly scratch: number
  readonly #tree: LiveTree
  #core: Core | undefined

  constructor(tree: LiveTree) {
    this.#tree = tree
    this.state = tree.keccak.allocateBlock(3 * WORD)
    this.scratch = tree.keccak.allocateBlock(4 * WORD)
  }

  /** Address of the register word. */
  get regs(): number {
    return this.state + WORD
  }

  /** Writes what differs from the core before. */
  set(core: Core): void {
    const { scratch } = this
    const before = this.#core
    this.#core = core
    if (core.regs !== before?.regs) this.#write(this.regs, core.regs)
    if (core.misc !== before?.misc) this.#write(scratch, core.misc)
    if (core.word !== before?.word) this.#write(scratch + WORD, core.word)
    if (core.a !== before?.a || core.b !== before.b) this.#write(scratch + 2 * WORD, (core.a << 128n) | core.b)
    if (core.c !== before?.c || core.r !== before.r) this.#write(scratch + 3 * WORD, (core.c << 128n) | core.r)
  }

  /** Writes the state hash to an address. */
  hash(out: number): void {
    const { keccak, root } = this.#tree
    keccak.bytes.copyWithin(this.state, root, root + WORD)
    if (this.#core?.misc === 0n) keccak.bytes.fill(0, this.state + 2 * WORD, this.state + 3 * WORD)
    else keccak.block(this.scratch, this.state + 2 * WORD)
    keccak.block(this.state, out)
  }

  #write(at: number, value: bigint): void {
    const { buffer } = this.#tree.keccak.bytes
    const view = new DataView(buffer, at, WORD)
    for (let i = 3, rest = value; i >= 0; i--, rest >>= 64n) view.setBigUint64(8 * i, BigInt.asUintN(64, rest))
  }
}

/**
 * Goes through the substeps of a machine by its definition, and writes down for each what a judge needs and what he
 * should find.
 */
export class Walker {
  readonly tree: LiveTree
  readonly #packet: Packet
  readonly #bytes: CoreBytes
  /** Addresses of the hashes before and after the substep. */
  #pre: number
  #post: number
  #core = boundaryCore({ steps: 0n, pc: 0, sp: 0, pages: 0, status: 0, exit: 0 })
  readonly #path: Path = { siblings: [], bitmap: 0 }

  constructor(tree: LiveTree, packet: Packet) {
    this.tree = tree
    this.#packet = packet
    this.#bytes = new CoreBytes(tree)
    this.#pre = tree.keccak.allocate(WORD)
    this.#post = tree.keccak.allocate(WORD)
  }

  get core(): Core {
    return this.#core
  }

  /** Live slots of the stack. */
  get sp(): number {
    return Number(field(this.#core.regs, REGS.sp))
  }

  /** Hash of the state as it is now, as hex digits. */
  stateHash(): string {
    return Buffer.from(this.tree.at(this.#post)).toString('hex')
  }

  /** Goes on from this core; the tree may have been changed. */
  start(core: Core): void {
    this.#core = core
    this.#bytes.set(core)
    this.#bytes.hash(this.#post)
  }

  /** Twelve substeps from an instruction boundary. */
  step(): void {
    for (let n = 0; n < SUBSTEPS; n++) this.#substep()
  }

  #substep(): void {
    const { tree } = this
    const core = this.#core
    const touched = touch(core)
    const leafAt = touched === undefined ? tree.root : tree.leaf(touched.g)
    this.#emit(touched?.g ?? 1, leafAt)
    const leaf = tree.at(leafAt)
    const after = advance(core, leaf)
    if (touched?.how === 'write' && after.leaf !== leaf) tree.set(touched.g, after.leaf)
    if (touched?.how === 'cut') tree.cutStack(touched.g - STACK_LEAVES, this.sp)
    this.#core = after.core
    this.#bytes.set(after.core)
    ;[this.#pre, this.#post] = [this.#post, this.#pre]
    this.#bytes.hash(this.#post)
    this.#packet.end(this.#pre, this.#post)
  }

  /** The witness: registers, scratch, leaf, bitmap, siblings. */
  #emit(g: number, leafAt: number): void {
    const packet = this.#packet
    const { siblings } = this.#path
    this.tree.path(g, this.#path)
    const scratch = this.#core.misc === 0n ? 1 : 4
    packet.begin(3 + scratch + siblings.length)
    packet.words(this.#bytes.regs, 1)
    packet.words(this.#bytes.scratch, scratch)
    packet.words(leafAt, 1)
    packet.number(this.#path.bitmap)
    for (const sibling of siblings) packet.words(sibling, 1)
  }
}
