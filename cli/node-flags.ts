/**
 * What the installed command gives Node, which cannot be set once it runs. A reader's memory is mostly gone before it is old:
 * with V8's own start of a few MiB a listing or an archive has the old part of it collected once, for a twelfth of its CPU.
 */
export const NODE_FLAGS = ["--initial-old-space-size=64"] as const;
