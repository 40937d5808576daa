import { describe, expect, it } from 'vitest'
import { PAGE_WORDS, PagePool, ZERO_PAGE } from '../../../interpreter/native/page-pool.ts'

const PAGE_BYTES = 4 * PAGE_WORDS

const takeAll = (pool: PagePool): number[] => {
  const pages: number[] = []
  for (let page = pool.take(); page !== undefined; page = pool.take()) pages.push(page)
  return pages
}

describe('PagePool', () => {
  it('gives as many pages as the budget has, and no bytes more', () => {
    const pool = new PagePool(100 * PAGE_BYTES + 17)
    const pages = takeAll(pool)
    expect(new Set(pages).size).toBe(99)
    expect(pages).not.toContain(ZERO_PAGE)
    expect(pool.bytes).toBe(100 * PAGE_BYTES)
  })

  it('has pages of their own', () => {
    const pool = new PagePool(100 * PAGE_BYTES)
    const pages = takeAll(pool)
    for (const page of pages) pool.words(page).fill(page)
    for (const page of pages) expect([...new Set(pool.words(page))]).toEqual([page])
    expect([...new Set(pool.words(ZERO_PAGE))]).toEqual([0])
  })

  it('gives a page again once the last of its users has released it', () => {
    const pool = new PagePool(3 * PAGE_BYTES)
    const [first] = takeAll(pool)
    pool.share(first!)
    expect(pool.release(first!)).toBe(false)
    expect(pool.take()).toBeUndefined()
    expect(pool.release(first!)).toBe(true)
    expect(takeAll(pool)).toEqual([first])
  })

  it('never gives the page of zeros away', () => {
    const pool = new PagePool(2 * PAGE_BYTES)
    pool.share(ZERO_PAGE)
    for (let i = 0; i < 3; i++) expect(pool.release(ZERO_PAGE)).toBe(false)
    expect(takeAll(pool)).not.toContain(ZERO_PAGE)
  })

  it('may be allowed more', () => {
    const pool = new PagePool(0)
    expect(pool.take()).toBeUndefined()
    pool.raise(1)
    expect(pool.take()).toBeDefined()
  })
})
