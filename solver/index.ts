export { idleSolver, solve, solver } from './strategy.ts'
