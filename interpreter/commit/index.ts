export { toHex } from './bits.ts'
export { BytesTooLong, byteTreeRoot, lengthPath } from './byte-tree.ts'
export { type Hash, keccak256, type Node } from './hash.ts'
export {
  type HashThreads,
  type HashThreadsOptions,
  hashForOthers,
  type StartThread,
  startHashThreads,
} from './hash-threads.ts'
export { type Core, programIdOf, rootOf, stateHash } from './state-hash.ts'
export {
  BitmapBeyondDepth,
  encodeWitness,
  encodeWitnessHex,
  RegistersTooWide,
  type Witness,
  WitnessLength,
} from './witness.ts'
