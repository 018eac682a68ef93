import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture } from "../../support/fixture.ts";
import { withMount } from "../../support/mounted.ts";
import { isExt } from "../../support/proof.ts";
import { run } from "../../support/run.ts";

const populate = fileURLToPath(new URL("../filesystem/ext4-populate.py", import.meta.url));

/** MiB. */
const SIZE = 192;
/** Access lists beside what ext4-populate.py makes. */
const ACLS = `
mkdir "$1/acl"; echo x > "$1/acl/file"; chmod 640 "$1/acl/file"
setfacl -m u:1234:rw,g:77:r "$1/acl/file"
setfacl -d -m u:1234:rwx "$1/acl"
`;

/** An ext4 image with links, devices, holes, attributes, odd names and odd times; read it, never write to it. */
export async function filledImage(): Promise<string> {
  const parts = ["basic", "times", "sparse", "xattrs"];
  const dir = await fixture(
    "cli-filled",
    { parts, SIZE, ACLS, version: 2 },
    async (partial) => {
      const image = join(partial, "image.raw");
      await blankExt4(image, SIZE, []);
      await withMount(image, "rw", async (mounted) => {
        await run("python3", [populate, mounted, ...parts]);
        await run("sh", ["-e", "-c", ACLS, "sh", mounted]);
      });
    },
    (made) => isExt(join(made, "image.raw"), "clean"),
  );
  return join(dir, "image.raw");
}

/** An empty ext4 in a new file of `size` MiB. */
export async function blankExt4(path: string, size: number, options: readonly string[]): Promise<void> {
  await writeFile(path, "");
  await truncate(path, size << 20);
  await run("mke2fs", [
    "-q",
    "-F",
    "-t",
    "ext4",
    "-b",
    "4096",
    "-E",
    "lazy_itable_init=0,root_owner=0:0",
    ...options,
    path,
  ]);
}
