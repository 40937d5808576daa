export { solve } from './strategy.ts'
