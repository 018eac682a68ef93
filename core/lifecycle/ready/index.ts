export { type Ready, waitReady } from "./wait.ts";
