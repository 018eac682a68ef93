import type { Work } from "./key.ts";
import { isOn } from "./origin.ts";
import { image, machine, type Setting, Template } from "./outcome.ts";
import { userOf } from "./user.ts";

/** What a machine needs whatever its keys say: its name, and what its disks start from. */
export function frameOf(work: Work): readonly Setting[] {
  return [machine("name", work.name), ...FRAMES[work.origin.kind](work)];
}

/** What guestkit needs in an image to know that it is ready, and to get in. */
const PACKAGES = ["cloud-guest-utils", "cloud-init", "openssh-server", "qemu-guest-agent", "sudo"];

/** Debian's cloud kernel has no 9p, by which most shares are carried. */
const KERNEL = "linux-image-amd64";

const own = ({ name }: Work): Template => new Template(`\${disk_image.${name}.id}`);
/** Where the image goes that guestkit makes. */
const imagePath = (work: Work) => image("path", work.hostPath(work.get("image") ?? `./${work.name}.qcow2`));
const root = (field: string, value: Setting["value"]) => machine(["disks", "root", field], value);

const FRAMES: Readonly<Record<Work["origin"]["kind"], (work: Work) => readonly Setting[]>> = {
  template: ({ origin }) => (origin.kind === "template" ? [machine("template_vm", origin.machine)] : []),
  base: ({ origin, hostPath }) => (origin.kind === "base" ? [machine("base", hostPath(origin.box))] : []),
  medium: ({ origin, hostPath }) =>
    origin.kind === "medium" ? [machine(["cdroms", "live", "image"], hostPath(origin.medium))] : [],
  existing: ({ origin, hostPath }) => (origin.kind === "existing" ? [root("image", hostPath(origin.box))] : []),
  overlay: ({ origin, hostPath }) =>
    origin.kind === "overlay" ? [root("image", hostPath(origin.box)), root("overlay", true)] : [],
  copy: (work) =>
    work.origin.kind === "copy"
      ? [imagePath(work), image(["source", "url"], work.hostPath(work.origin.box)), root("image", own(work))]
      : [],
  bootstrap: (work) => [
    imagePath(work),
    image(["bootstrap", "packages"], PACKAGES),
    image(["bootstrap", "kernel"], KERNEL),
    root("image", own(work)),
    root("overlay", true),
    ...firstUser(work),
  ],
};

function firstUser(work: Work): readonly Setting[] {
  const name = userOf(work);
  return name === null ? [] : [machine(["cloud_init", "users", name, "sudo"], true)];
}

/** What the machine gets for its keys' sake, when all are translated. */
export function wayIn(work: Work, settings: readonly Setting[]): readonly Setting[] {
  const has = (path: readonly string[]) =>
    settings.some((each) => each.of === "machine" && path.every((step, index) => each.path[index] === step));
  const isWanted = work.get("ssh_support") === null || isOn(work.get("ssh_support"));
  // Without networks there is one with this forward.
  if (!has(["networks"]) && isWanted) return [];
  if (!isWanted) return has(["networks", "lan"]) ? [] : [machine(["networks", "lan"], {})];
  if (has(["networks", "lan", "forwards", "ssh"])) return [];
  return [machine(["networks", "lan", "forwards", "ssh", "guest_port"], 22)];
}
