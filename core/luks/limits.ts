import { damaged, type Named } from "./fault.ts";

/** What honest headers stay within; what is past it was not made by anyone's tool. */
export const Limit = {
  /** Bytes; aes-xts takes 64. */
  maxKey: 512,
  /** cryptsetup makes 4000. */
  maxStripes: 1 << 14,
  /** KiB: 4 GiB, which is cryptsetup's own bound. */
  maxMemory: 4 << 20,
  maxLanes: 64,
} as const;

export function checkKeyBytes(source: Named, at: number, keyBytes: number): void {
  if (keyBytes >= 1 && keyBytes <= Limit.maxKey) return;
  throw damaged(source, "HEADER", at, `a key has ${keyBytes} bytes`);
}

export function checkStripes(source: Named, at: number, stripes: number): void {
  if (stripes >= 1 && stripes <= Limit.maxStripes) return;
  throw damaged(source, "SLOT", at, `a key is split into ${stripes} stripes`);
}

/** Names of ciphers and hashes are short and plain. */
export function checkName(source: Named, at: number, name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9:_(),-]{0,63}$/.test(name)) return;
  throw damaged(source, "HEADER", at, `${JSON.stringify(name.slice(0, 64))} is no name of a cipher or hash`);
}

/** It becomes part of a device's name. */
export const isUuid = (uuid: string): boolean => /^[A-Za-z0-9-]{1,40}$/.test(uuid);

export function checkUuid(source: Named, at: number, uuid: string): void {
  if (isUuid(uuid)) return;
  throw damaged(source, "HEADER", at, `${JSON.stringify(uuid.slice(0, 40))} is no UUID`);
}
