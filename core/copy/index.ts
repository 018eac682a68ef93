export { type CopyOptions, type CopyResult, copyOut, type LeftOut } from "./copy-out.ts";
