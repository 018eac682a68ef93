import { copyFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./tool.ts";
import { volumeImages } from "./volume-images/index.ts";

/** A machine of two disks: the volume group vg0 has a physical volume on the first, and one in LUKS on the second. */
export interface LockedVolumes {
  readonly first: string;
  readonly second: string;
  readonly passphrase: string;
  /** Holds the passphrase and nothing else. */
  readonly keyFile: string;
}

/** Bytes of room for the header, which moves the data: half of it is left at the end. */
export const LUKS_ROOM = 32 << 20;

/** Makes it below `dir`: LVM on LUKS, its file systems those of `volumeImages`. */
export async function lockedVolumes(dir: string): Promise<LockedVolumes> {
  const { disks } = await volumeImages();
  const second = join(dir, "locked.img");
  const keyFile = join(dir, "key");
  const passphrase = "Tür-zu-7f3a91";
  await writeFile(keyFile, passphrase, { mode: 0o600 });
  await copyFile(disks.pv1, second);
  await lock(second, keyFile);
  return { first: disks.pv0, second, passphrase, keyFile };
}

/** Puts what a file holds into LUKS 2; the file grows by {@link LUKS_ROOM}. */
export async function lock(file: string, keyFile: string): Promise<void> {
  await truncate(file, (await stat(file)).size + LUKS_ROOM);
  const cheap = ["--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000"];
  const offline = ["--encrypt", "--force-offline-reencrypt", "--reduce-device-size", String(LUKS_ROOM)];
  await run("cryptsetup", ["reencrypt", "-q", "--type", "luks2", ...offline, ...cheap, "--key-file", keyFile, file]);
}
