import { join } from "node:path";
import type { Value } from "../../../core/model/index.ts";
import { cloudInitPalette } from "./cloud-init-palette.ts";
import type { Ground } from "./ground.ts";
import { machinePalette } from "./machine-palette.ts";
import type { Palette } from "./palette.ts";

/** Every resource's. */
export const palettes = (ground: Ground): readonly Palette[] => [
  imagePalette(ground),
  seedPalette(ground),
  machinePalette(ground),
];

function imagePalette({ folder, sha256 }: Ground): Palette {
  const at = (name: string) => join(folder, name);
  const values: Record<string, readonly Value[]> = {
    size: ["48M", "49152K", "64M"],
    "source.url": [at("source.qcow2"), `file://${at("source.qcow2")}`],
    "source.sha256": [sha256],
    "source.format": ["qcow2"],
    backing_file: [at("base.qcow2")],
    backing_format: ["qcow2"],
    "layout.partitions.*.name": ["one", "two"],
    "layout.partitions.*.size": ["8M", "12M"],
    "layout.partitions.*.type": ["linux", "home", "esp"],
    "layout.partitions.*.filesystem": ["ext4", "vfat"],
    "layout.partitions.*.label": ["data"],
    "layout.partitions.*.content": [{ directory: at("content") }],
    "files.*.path": ["/one", "/etc/two"],
    "files.*.content": ["a", "b"],
    "files.*.source": [at("file.txt")],
    "files.*.secret_content": ["hidden"],
    "files.*.secret_content_version": [1, 2],
    "files.*.mode": ["0644", "0600"],
    "files.*.uid": [0, 1000],
    "files.*.gid": [0, 1000],
    mode: ["0640", "0600", "640"],
    // There is no system in these images: a rule that stops would stop the walk.
    checks: [
      { rules: { motd: { severity: "info", file: { path: "/etc/motd", mode: "644" } } } },
      { rules: { motd: { file: { path: "/etc//motd", mode: "0644" } } }, on_failure: "keep" },
      {
        profiles: ["golden-image"],
        waivers: [{ check: "no-logs", reason: "a walk", until: "2999-12-31" }],
        on_failure: "keep",
      },
    ],
  };
  const leftOut = {
    path: "its identity: another is another thing",
    bootstrap: "takes minutes; its own tests make such images",
    "source.headers": "of a server's",
    "source.headers_version": "of a server's",
    "source.proxy": "of a server's",
    "source.proxy_authorization": "of a server's",
    "source.proxy_authorization_version": "of a server's",
    "source.ca_file": "of a server's",
    "source.sha512": "as sha256",
    "source.unpacked_sha256": "of a compressed source",
    "source.keyring": "of a file of checksums",
    "source.member": "of a source that is an archive",
    "layout.partitions.*.uuid": "its shape goes by the file system's type",
  };
  const start = { path: at("image.qcow2"), size: "48M" };
  return { contract: "disk_image", start, values, leftOut, always: [], often: ["size", "files", "mode"] };
}

function seedPalette({ folder }: Ground): Palette {
  const { values, leftOut } = cloudInitPalette("");
  const start = { path: join(folder, "seed.iso"), hostname: "web" };
  const identity = { path: "its identity: another is another thing" };
  return { contract: "cloud_init_seed", start, values, leftOut: { ...leftOut, ...identity }, always: [], often: [] };
}
