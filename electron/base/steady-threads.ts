// Node reads types away by a program in WebAssembly, in each thread that loads our sources. V8 14 has a race between
// threads when such a program's calls into JavaScript have been made so often that they are compiled anew: the process
// ends with “Check failed: jit_page.has_value()”. What is built has no types to be read away and does not meet it.
/** What a process that loads our sources in several threads is started with: they are never compiled anew. */
export const steadyThreads = ['--wasm-wrapper-tiering-budget=2147483647'];
