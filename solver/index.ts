export { idleSolver, solve } from './strategy.ts'
