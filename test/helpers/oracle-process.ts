// An oracle in a process of its own, whose memory may be limited: node oracle-process.ts MODULE; prints what it answers.
import { readFileSync } from 'node:fs'
import { lowerTask, MemoryExhausted } from '../../interpreter/index.ts'
import { answersOf } from './oracle-answers.ts'

const [module = ''] = process.argv.slice(2)
try {
  console.log(JSON.stringify(answersOf(lowerTask(readFileSync(module), { keepSources: true }))))
} catch (failure) {
  if (!(failure instanceof MemoryExhausted)) throw failure
  console.log(JSON.stringify({ exhausted: failure.wanted }))
}
