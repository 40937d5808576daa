import { type Hex, isHash } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { readFile } from '../files.ts'
import { KeyIllFormed, KeyMissing } from './errors.ts'

/** The environment variable that holds the private key; a flag would show it to every process of the machine. */
export const KEY_VARIABLE = 'SUBSTEP_KEY'

/**
 * The account of the key in a file, else of the one in the environment.
 * @throws KeyMissing, KeyIllFormed, FileUnreadable
 */
export function readAccount(file: string | undefined): PrivateKeyAccount {
  const text = file === undefined ? process.env[KEY_VARIABLE] : new TextDecoder().decode(readFile(file)).trim()
  if (text === undefined || text === '') throw new KeyMissing(file ?? KEY_VARIABLE)
  if (!isHash(text)) throw new KeyIllFormed(file ?? KEY_VARIABLE)
  return accountOf(text, file ?? KEY_VARIABLE)
}

/** Not every number is a key. The message must not repeat it. */
function accountOf(key: Hex, source: string): PrivateKeyAccount {
  try {
    return privateKeyToAccount(key)
  } catch {
    throw new KeyIllFormed(source)
  }
}
