import { mkdir, rm, writeFile } from "node:fs/promises";
import { run } from "../../support/tool.ts";
import type { Bed } from "../bed.ts";
import { declared, type Look, textOf, type Writer } from "../writer.ts";

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

/** What a plan that was kept would do. */
async function savedChanges(bed: Bed): Promise<string> {
  const text = await textOf(bed, "x.plan");
  const { plan } = JSON.parse(text) as { plan: { changes: { address: string; action: string }[] } };
  return JSON.stringify(plan.changes.map(({ address, action }) => [address, action]));
}

async function seenFormat(bed: Bed): Promise<string> {
  const text = await textOf(bed, ".a.img.guestkit.json");
  return text.startsWith("{") ? JSON.stringify((JSON.parse(text) as { declared: object }).declared) : text;
}

/** Which addresses the project's list has. */
async function ownedAddresses(bed: Bed): Promise<string> {
  const text = await textOf(bed, ".guestkit/guestkit.yaml.state.json");
  return text.startsWith("{") ? (text.match(/disk_image\.\w+/g) ?? []).join(" ") : text;
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
  // A file goes where a folder is wanted.
  declared("makes-room", { disk_image: image("a") }, () => ({ disk_image: { b: image("a.img/b")["a.img/b"] } }), {
    "a.img": [info("a")],
    "a.img/b.img": [info("a.img/b")],
  }),
  {
    ...declared("moved", { disk_image: image("a") }, () => ({}), { list: [ownedAddresses], "a.img": [info("a")] }),
    declare: (bed) =>
      bed.declare({ disk_image: { b: image("a").a } }, { moved: [{ from: "disk_image.a", to: "disk_image.b" }] }),
  },
  {
    ...declared("destroy-verb", { disk_image: { ...image("a"), ...image("b") } }, () => ({}), {
      a: [info("a")],
      b: [info("b")],
    }),
    declare: async () => {},
    command: ["destroy", "--auto-approve"],
  },
  {
    ...declared("saved-plan", null, () => ({ disk_image: image("b") }), { "x.plan": [savedChanges] }),
    old: async (bed) => {
      await bed.declare({ disk_image: image("a") });
      await bed.must(["plan", "--out", "x.plan"]);
    },
    command: ["plan", "--out", "x.plan"],
  },
  {
    // The base is not ours: what it is taken for is fixed beside it.
    ...declared("seen", null, () => ({ disk_image: { b: { path: "b.img", backing_file: "a.img" } } }), {
      "b.img": [info("b")],
      "a.img": [info("a"), seenFormat],
    }),
    old: layForeign,
  },
  {
    name: "import-kvmxfile",
    old: async () => {},
    declare: async (bed) => {
      await mkdir(bed.at("source/work"), { recursive: true });
      await writeFile(bed.at("source/work/kvmxfile"), 'hostname="w"\nuser="me"\ntemplate_vm="debian"\n');
    },
    command: ["import-kvmxfile", "source/work/kvmxfile", "--keep-image", "--output", "out.yaml"],
    // What is there is not written over.
    again: [0, 1],
    things: { "out.yaml": [(bed) => textOf(bed, "out.yaml")] },
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
  {
    ...declared("kept-report", null, () => ({ disk_image: image("a") }), { "a.img": [["inspect", "--json", "a.img"]] }),
    old: async (bed) => {
      await bed.apply({ disk_image: image("a") });
      await rm(bed.at("home/cache"), { recursive: true });
    },
    command: ["inspect", "--json", "a.img"],
  },
];
