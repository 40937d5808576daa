export { idleVerifier, verifier, verify } from './strategy.ts'
