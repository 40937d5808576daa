// Makes the chart of the README from the checked-in figures. See --help.
import { readFileSync } from 'node:fs'
import { type Results, speedChart } from '../bench/chart/speed.ts'
import { type Generator, runGenerator } from './generator.ts'

const GENERATOR: Generator = {
  command: 'npm run bench:chart',
  about: 'Draws docs/speed.svg from bench/results.json, which `npm run bench -- --json bench/results.json` makes.',
  refusals: [],
  async *files() {
    yield ['docs/speed.svg', speedChart(JSON.parse(readFileSync('bench/results.json', 'utf8')) as Results)]
  },
}

process.exitCode = await runGenerator(GENERATOR, process.argv.slice(2))
