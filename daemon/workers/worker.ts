import { execute } from './execution.ts'
import { serveWork } from './serve.ts'

serveWork(execute)
