import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { decodeFunctionData, type Hex, parseTransaction } from 'viem'
import { gamesAbi, marketAbi } from '../../protocol/index.ts'

const ABI = [...marketAbi, ...gamesAbi]

interface RpcRequest {
  readonly method: string
  readonly params: readonly unknown[]
}

/** Told what each transaction that the node took calls; if it says so, the sender never hears that it was taken. */
export type OnTaken = (names: readonly string[]) => 'answer' | 'hang up'

/** Stands between a process and a node, and sees each transaction that the node takes. */
export class TransactionTap {
  readonly url: string
  private readonly server: Server

  private constructor(server: Server) {
    this.server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** A tap in front of the node at `node`. */
  static async open(node: string, onTaken: OnTaken): Promise<TransactionTap> {
    const server = createServer((request, response) => {
      forward(node, onTaken, request, response).catch(() => response.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new TransactionTap(server)
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

async function forward(node: string, onTaken: OnTaken, request: IncomingMessage, response: ServerResponse) {
  const body = await text(request)
  const headers = { 'content-type': 'application/json' }
  const answer = await (await fetch(node, { method: 'POST', body, headers })).text()
  const { method, params } = JSON.parse(body) as RpcRequest
  const isTaken = method === 'eth_sendRawTransaction' && 'result' in JSON.parse(answer)
  if (isTaken && onTaken(namesOf(params[0] as Hex)) === 'hang up') response.destroy()
  else response.writeHead(200, headers).end(answer)
}

/** The functions that a signed transaction calls. */
const namesOf = (transaction: Hex): string[] => calledBy(parseTransaction(transaction).data ?? '0x')

function calledBy(data: Hex): string[] {
  const { functionName, args } = decodeFunctionData({ abi: ABI, data })
  return functionName === 'multicall' ? (args[0] as Hex[]).flatMap(calledBy) : [functionName]
}
