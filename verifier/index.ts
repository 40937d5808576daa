export { idleVerifier, verify } from './strategy.ts'
