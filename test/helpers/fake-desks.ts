import type { Desk, DeskEvents, OpenDesk } from '../../daemon/workers/crew.ts'
import type { Order } from '../../daemon/workers/messages.ts'

/** A worker in the hands of a test: it does nothing by itself. */
export interface FakeDesk {
  readonly number: number
  readonly events: DeskEvents
  /** Oldest first. */
  readonly orders: readonly Order[]
  readonly isClosed: boolean
}

/** Workers that note what they are told. */
export function fakeDesks(): { readonly desks: readonly FakeDesk[]; readonly open: OpenDesk } {
  const desks: FakeDesk[] = []
  const open = (events: DeskEvents): Desk => {
    const orders: Order[] = []
    const desk = { number: desks.length, events, orders, isClosed: false }
    desks.push(desk)
    return {
      post: (order) => void orders.push(order),
      close() {
        desk.isClosed = true
      },
    }
  }
  return { desks, open }
}
