import { copyFile, truncate, writeFile } from "node:fs/promises";
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

/** Room for the header, which moves the data: half of it is left at the end. */
const HEADER = 32;

/** Makes it below `dir`: LVM on LUKS, its file systems those of `volumeImages`. */
export async function lockedVolumes(dir: string): Promise<LockedVolumes> {
  const { disks } = await volumeImages();
  const second = join(dir, "locked.img");
  const keyFile = join(dir, "key");
  const passphrase = "Tür-zu-7f3a91";
  await writeFile(keyFile, passphrase, { mode: 0o600 });
  await copyFile(disks.pv1, second);
  await truncate(second, (80 + HEADER) << 20);
  const cheap = ["--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000"];
  const offline = ["--encrypt", "--force-offline-reencrypt", "--reduce-device-size", `${HEADER}M`];
  await run("cryptsetup", ["reencrypt", "-q", "--type", "luks2", ...offline, ...cheap, "--key-file", keyFile, second]);
  return { first: disks.pv0, second, passphrase, keyFile };
}
