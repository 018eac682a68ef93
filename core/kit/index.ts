export type * from "./context.ts";
export * from "./depth.ts";
export * from "./ending.ts";
export * from "./errors.ts";
export * from "./lines.ts";
export * from "./log.ts";
export * from "./name.ts";
export * from "./size.ts";
export * from "./system-error.ts";
