import { nextActions, type Strategy } from '../protocol/index.ts'

/** Watches: stakes nothing until somebody claims what is not true, then plays as everybody honest does. */
export const verify: Strategy = nextActions
