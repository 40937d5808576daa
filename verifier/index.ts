export { verify } from './strategy.ts'
