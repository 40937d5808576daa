/** SHA-256 (FIPS 180-4), written for comparison with the standard's text: section 6.2.2, one line per line. */
export function sha256(message: Uint8Array): Uint8Array {
  const padded = pad(message)
  const hash = INITIAL.slice()
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) {
    compress(hash, new DataView(padded.buffer, at, BLOCK_BYTES))
  }
  return bigEndian(hash)
}

const BLOCK_BYTES = 64
const LENGTH_BYTES = 8

/** The message, one bit, zeros, and the length in bits as a big-endian u64: a whole number of blocks. */
function pad(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil((message.length + 1 + LENGTH_BYTES) / BLOCK_BYTES)
  const padded = new Uint8Array(blocks * BLOCK_BYTES)
  padded.set(message)
  padded[message.length] = 0x80
  new DataView(padded.buffer).setBigUint64(padded.length - LENGTH_BYTES, BigInt(message.length) * 8n)
  return padded
}

function compress(hash: Uint32Array, block: DataView): void {
  const words = schedule(block)
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
  for (let t = 0; t < 64; t++) {
    const t1 = (h + bigSigma1(e) + choose(e, f, g) + K[t]! + words[t]!) | 0
    const t2 = (bigSigma0(a) + majority(a, b, c)) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) hash[i]! += word
}

function schedule(block: DataView): Uint32Array {
  const words = new Uint32Array(64)
  for (let t = 0; t < 16; t++) words[t] = block.getUint32(4 * t)
  for (let t = 16; t < 64; t++) {
    words[t] = smallSigma1(words[t - 2]!) + words[t - 7]! + smallSigma0(words[t - 15]!) + words[t - 16]!
  }
  return words
}

const rotateRight = (x: number, n: number) => (x >>> n) | (x << (32 - n))
const choose = (x: number, y: number, z: number) => (x & y) ^ (~x & z)
const majority = (x: number, y: number, z: number) => (x & y) ^ (x & z) ^ (y & z)
const bigSigma0 = (x: number) => rotateRight(x, 2) ^ rotateRight(x, 13) ^ rotateRight(x, 22)
const bigSigma1 = (x: number) => rotateRight(x, 6) ^ rotateRight(x, 11) ^ rotateRight(x, 25)
const smallSigma0 = (x: number) => rotateRight(x, 7) ^ rotateRight(x, 18) ^ (x >>> 3)
const smallSigma1 = (x: number) => rotateRight(x, 17) ^ rotateRight(x, 19) ^ (x >>> 10)

function bigEndian(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(words.byteLength)
  const view = new DataView(bytes.buffer)
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word)
  return bytes
}

const PRIMES = firstPrimes(64)
/** The first 32 bits of the fractional parts of the square roots of the first eight primes (5.3.3). */
const INITIAL = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction(prime, 2n))
/** The same of the cube roots of the first sixty-four primes (4.2.2). */
const K = Uint32Array.from(PRIMES, (prime) => fraction(prime, 3n))

function firstPrimes(count: number): number[] {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes
}

/** The low 32 bits of floor(root * 2^32), by bisection over exact integers. */
function fraction(prime: number, degree: bigint): number {
  const target = BigInt(prime) << (32n * degree)
  let low = 0n
  let high = 1n << 40n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** degree <= target) low = middle
    else high = middle
  }
  return Number(BigInt.asUintN(32, low))
}
