export {
  type Disk,
  type DiskFileSystem,
  type ImageInfo,
  info,
  inspect,
  type OpenOptions,
  open,
  type Report,
} from "./inspect/index.ts";
export { formatSize, GuestkitError, parseSize } from "./kit/index.ts";
