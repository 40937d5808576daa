// Compares the engines on one kernel after the other, whose names are sent to it.
import { type Clock, compareEngines } from '../native/compare.ts'

const SAMPLES = 5
const SAMPLE_SECONDS = 0.4

/** Seconds of the processor, where the server knows them; asked without returning, as no other thread must go on. */
function processorNow(): number | undefined {
  const request = new XMLHttpRequest()
  request.open('GET', '/clock', false)
  request.send()
  return request.responseText === '' ? undefined : Number(request.responseText)
}

const now: () => number =
  processorNow() === undefined ? () => performance.now() / 1000 : () => processorNow() ?? Number.NaN

const clock: Clock = (act) => {
  const start = now()
  act()
  return now() - start
}

const bytesOf = async (file: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await (await fetch(`/kernels/${file}`)).arrayBuffer())

addEventListener('message', async ({ data: name }: MessageEvent<string>) => {
  try {
    const [wasm, answer] = await Promise.all([bytesOf(`${name}.wasm`), bytesOf(`${name}.answer`)])
    postMessage({
      name,
      comparison: compareEngines(wasm, answer, { clock, samples: SAMPLES, sampleSeconds: SAMPLE_SECONDS }),
    })
  } catch (error) {
    postMessage({ name, failure: String(error) })
  }
})
