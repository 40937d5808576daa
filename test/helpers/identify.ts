import { type Hash, lowerTask, programHeader } from '../../interpreter/index.ts'

/** The program that a module is, found out in this thread. */
export const identify = async (module: Uint8Array): Promise<Hash> => programHeader(lowerTask(module)).programId
