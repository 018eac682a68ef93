export { formatSize, GuestkitError, parseSize } from "./kit/index.ts";
