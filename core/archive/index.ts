export { type Binary, fromBinary, isAscii, toBinary } from "./binary.ts";
export { type Sink, type TarOptions, writeTar } from "./tar.ts";
export { formatMode, formatTime } from "./time.ts";
export { type Lost, type WalkEntry, walk } from "./walk.ts";
