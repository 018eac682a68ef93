import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contractOf } from "../../core/model/index.ts";
import { createEngine } from "../../core/resource/index.ts";
import { fixture } from "./fixture.ts";
import { isSoundQcow2 } from "./proof.ts";

const DECLARED = {
  size: "2G",
  bootstrap: {
    packages: ["cloud-init", "cloud-guest-utils", "openssh-server", "qemu-guest-agent", "sudo", "tpm-udev"],
    hostname: "debian",
  },
};

/** A Debian with cloud-init, an SSH server and the guest agent, as `disk_image` builds it: a qcow2. Built once. */
export async function debianCloud(): Promise<string> {
  const dir = await fixture(
    "debian-cloud",
    { declared: DECLARED, code: buildCode() },
    async (target) => {
      const contract = contractOf("disk_image", "resource");
      const engine = createEngine();
      const declared = { ...DECLARED, path: join(target, "debian.qcow2") };
      const { plan } = await engine.prepare(contract, declared);
      await engine.apply(contract, plan, declared);
    },
    (made) => isSoundQcow2(join(made, "debian.qcow2")),
  );
  return join(dir, "debian.qcow2");
}

/** The text of everything that decides what the image is. */
function buildCode(): string[] {
  const folder = join(import.meta.dirname, "../../core/build/bootstrap");
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
}
