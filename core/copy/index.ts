export { type CopyOptions, type CopyResult, copyOut, type Skipped } from "./copy-out.ts";
