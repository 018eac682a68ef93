export { scratch } from "./scratch.ts";
export { run } from "./tool.ts";
