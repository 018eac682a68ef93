/** Node's part of opening an image by its path, in one module: each that is loaded by itself costs half a millisecond. */
export { imageHost } from "../host/image-host.ts";
export { openFileSource } from "../source/file.ts";
export { allocatedSize, isBeingWritten } from "../source/host-file.ts";
export { nodeHost } from "../source/node.ts";
export { redoTarget } from "./place.ts";
export { watchStanding } from "./standing.ts";
