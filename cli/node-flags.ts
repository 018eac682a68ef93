/**
 * What the installed command gives Node, which cannot be set once it runs. A reader's memory is mostly gone before it is old:
 * with V8's own start of a few MiB a listing or an archive has the old part of it collected once, for a twelfth of its CPU.
 */
export const NODE_FLAGS = ["--initial-old-space-size=64"] as const;

/**
 * What it sets itself as it starts. A verb runs for a second or less: the optimising compiler (on other threads) took a fifth
 * of its CPU and gave back less. Loops that run long are still compiled while they run. What it makes soon dies: threads that
 * help to look for what is left cost more than they take off.
 */
export const RUNTIME_FLAGS = ["--invocation-count-for-turbofan=60000", "--no-parallel-scavenge"] as const;
