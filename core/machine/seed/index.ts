export { asCloudInit, type CloudInit, loginUserOf } from "./declaration.ts";
export type { HostName } from "./hosts.ts";
export { readSeed, seedImage, writeSeed } from "./image.ts";
export { renderNetworkConfig, type SeedNetwork } from "./network.ts";
export { instanceIdOf, renderSeed, type SeedFiles, type SeedOptions } from "./render.ts";
export { RUNCMD_FAILURE } from "./runcmd.ts";
export type { HostKey } from "./user-data.ts";
