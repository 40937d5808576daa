import { type Idle, idle, nextActions, type Strategy } from '../protocol/index.ts'

/** Watches: stakes nothing until somebody claims what is not true, then plays as everybody honest does. */
export const verify: Strategy = nextActions

/** It computes nothing before somebody has locked a bond. */
export const idleVerifier: Idle = idle
