/** A block of Litecoin, and what the world knows of it. Hashes are read backwards, as block explorers show them. */
export interface Question {
  /** The file of its header. */
  readonly file: string
  /** What it is called in a sentence. */
  readonly block: string
  readonly blockHash: string
  readonly proofOfWork: string
}

export const FIRST_BLOCK: Question = {
  file: 'examples/litecoin-genesis.bin',
  block: "Litecoin's first block",
  blockHash: '12a765e31ffd4059bada1e25190f6e98c99d9714d334efa41a195a7e7e04bfe2',
  proofOfWork: '0000050c34a64b415b6b15b37f2216634b5b1669cb9a2e38d76f7213b0671e00',
}

export const LATER_BLOCK: Question = {
  file: 'examples/litecoin-29255.bin',
  block: "Litecoin's block 29,255",
  blockHash: 'adf6e2e56df692822f5e064a8b6404a05d67cccd64bc90f57f65b46805e9a54b',
  proofOfWork: '0000000110c8357966576df46f3b802ca897deb7ad18b12f1c24ecff6386ebd9',
}
