export { asCloudInit, loginUserOf } from "./declaration.ts";
export { readSeed, seedImage, writeSeed } from "./image.ts";
export { renderNetworkConfig } from "./network.ts";
export { renderSeed, type SeedFiles, type SeedOptions } from "./render.ts";
export { RUNCMD_FAILURE } from "./runcmd.ts";
export { randomSalt, sha512Crypt } from "./sha512-crypt.ts";
