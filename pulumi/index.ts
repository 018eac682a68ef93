import "./face/node-version.ts";

export type { HostOptions, ResourceOptions } from "./face/options.ts";
export { GuestkitResource } from "./face/resource.ts";
export * from "./generated/sdk.ts";
