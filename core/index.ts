export {
  type DeviceNode,
  type Disk,
  type ImageInfo,
  info,
  inspect,
  type OpenOptions,
  open,
  type Report,
} from "./inspect/index.ts";
export { formatSize, GuestkitError, parseSize } from "./kit/index.ts";
