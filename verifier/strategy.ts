import type { Role } from '../daemon/index.ts'
import { type Idle, idle, nextActions, type Strategy } from '../protocol/index.ts'

/** Watches: stakes nothing until somebody claims what is not true, then plays as everybody honest does. */
export const verify: Strategy = nextActions

/** It computes nothing before somebody has posted. */
export const idleVerifier: Idle = idle

/** The verifier as a daemon. */
export const verifier: Role = { role: 'verifier', play: () => ({ strategy: verify, idle: idleVerifier }) }
