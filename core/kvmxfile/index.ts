export { documentText, unreadWhy } from "./document.ts";
export { type Import, type ImportContext, importKvmxfile, type KeyNote, LARGEST } from "./import.ts";
export { keyGroups } from "./keys/index.ts";
export type { KeyStatus } from "./outcome.ts";
