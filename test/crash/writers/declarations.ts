import { rm } from "node:fs/promises";
import { run } from "../../support/tool.ts";
import type { Bed } from "../bed.ts";
import { declared, type Look, type Writer } from "../writer.ts";

const info = (name: string): Look => ["info", `${name}.img`, "--json"];
const image = (name: string, more: object = {}) => ({ [name]: { path: `${name}.img`, size: "4M", ...more } });
const seed = (hostname: string) => ({
  cloud_init_seed: {
    a: { path: "seed.iso", hostname, users: { me: { ssh_authorized_keys: ["ssh-ed25519 AAAA me"] } } },
  },
});
const userData: Look = ["cat", "seed.iso", "/user-data"];

/** An image that guestkit did not make. */
async function layForeign(bed: Bed): Promise<void> {
  await run("qemu-img", ["create", "-q", "-f", "qcow2", bed.at("a.img"), "4M"]);
}

/** Records, lists of what a project owns, seeds. */
export const declarations: readonly Writer[] = [
  declared(
    "state-list",
    { disk_image: { ...image("a"), ...image("b") } },
    () => ({ disk_image: { ...image("b", { size: "8M" }), ...image("c"), ...image("d") } }),
    Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, [info(name)]])),
  ),
  declared("record", { disk_image: image("a") }, () => ({ disk_image: image("a", { delete_protection: true }) }), {
    "a.img": [info("a")],
  }),
  {
    ...declared("import", null, () => ({ disk_image: image("a") }), { "a.img": [info("a")] }, layForeign),
    command: ["import", "disk_image.a", "a.img"],
  },
  {
    ...declared("destroy", { disk_image: { ...image("a"), ...image("b") } }, () => ({ disk_image: image("b") }), {
      a: [info("a")],
      b: [info("b")],
    }),
  },
  declared("seed", null, () => seed("one"), { "seed.iso": [userData] }),
  declared("seed-again", seed("one"), () => seed("two"), { "seed.iso": [userData, ["cat", "seed.iso", "/meta-data"]] }),
  {
    ...declared("observe-cache", null, () => ({ disk_image: image("a") }), { "a.img": [info("a")] }),
    old: async (bed) => {
      await bed.apply({ disk_image: image("a") });
      await rm(bed.at("home/cache"), { recursive: true });
    },
    command: ["plan", "--json"],
  },
];
