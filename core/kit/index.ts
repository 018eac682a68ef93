export type * from "./context.ts";
export * from "./errors.ts";
export * from "./log.ts";
export * from "./name.ts";
export * from "./size.ts";
