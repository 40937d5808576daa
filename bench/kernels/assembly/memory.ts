// memory: [0,16) abort record | from 1024, placed by the compiler | from __heap_base: what a kernel works on

const PAGE_BYTES: u64 = 65536

/** Grows memory by what a kernel lacks; the next run finds it there. Returns where its bytes begin. */
export function reserve(bytes: usize): usize {
  const pages = <i32>((<u64>__heap_base + bytes + PAGE_BYTES - 1) / PAGE_BYTES)
  if (pages > memory.size()) assert(memory.grow(pages - memory.size()) != -1, 'the kernel does not fit into memory')
  return __heap_base
}
