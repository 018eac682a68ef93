/** The provider as registries and mirrors of Terraform and OpenTofu want it: a zip for each platform, sums and a manifest. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Architecture } from "../executable.d/node.ts";
import { run, version } from "./tree.ts";
import { zipOf } from "./zip.ts";

/** As Go and Debian name them. */
export const GO_NAMES: Readonly<Record<Architecture, string>> = { x64: "amd64", arm64: "arm64" };

const stem = async () => `terraform-provider-guestkit_${await version()}`;

/** Where engines look below a mirror, without and with unpacking. */
export const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

/** Writes an architecture's zip; its path. */
export async function writeProvider(
  out: string,
  executable: string,
  architecture: Architecture,
  level?: number,
): Promise<string> {
  const path = join(out, `${await stem()}_linux_${GO_NAMES[architecture]}.zip`);
  const name = `terraform-provider-guestkit_v${await version()}`;
  await writeFile(path, await zipOf(name, await readFile(executable), 0o755, level));
  return path;
}

/** Writes the manifest and the sums of it and the zips, with a signature where `GUESTKIT_SIGNING_KEY` names a key of gpg's. */
export async function writeProviderSums(out: string, zips: readonly string[]): Promise<void> {
  const manifest = join(out, `${await stem()}_manifest.json`);
  const content = { version: 1, metadata: { protocol_versions: ["6.0"] } };
  await writeFile(manifest, `${JSON.stringify(content, null, 2)}\n`);
  const sums = join(out, `${await stem()}_SHA256SUMS`);
  await writeSums(sums, [...zips, manifest]);
  const { GUESTKIT_SIGNING_KEY: key } = process.env;
  if (key)
    await run("gpg", ["--batch", "--yes", "--local-user", key, "--output", `${sums}.sig`, "--detach-sign", sums]);
}

/** As `sha256sum --check` reads them, which is run beside the files. */
export async function writeSums(sums: string, paths: readonly string[]): Promise<void> {
  const lines: string[] = [];
  for (const path of paths.toSorted()) {
    const digest = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    lines.push(`${digest}  ${basename(path)}\n`);
  }
  await writeFile(sums, lines.join(""));
}
