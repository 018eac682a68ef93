import "./face/node-version.ts";

export { GuestkitResource } from "./face/resource.ts";
export * from "./generated/sdk.ts";
