import { execFile } from "node:child_process";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Case } from "./cases.ts";

const run = promisify(execFile);
const RUNS = 10;
const MIB = 256;
const PASSPHRASE = "bench";

/** An encrypted disk read whole: LUKS2 and LUKS1 by us, LUKS1 by qemu-img, which reads no other; the key costs next to nothing. */
export async function luksCases(): Promise<{ cases: readonly Case[]; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-luks-"));
  const at = (name: string) => join(folder, name);
  await writeFile(at("pass"), PASSPHRASE);
  const secret = ["--object", `secret,id=s,file=${at("pass")}`];
  const options = "cipher-alg=aes-256,iter-time=10,key-secret=s,preallocation=full";
  await run("qemu-img", ["create", ...secret, "-f", "luks", "-o", options, at("luks1"), `${MIB}M`]);
  await writeFile(at("luks2"), "");
  await truncate(at("luks2"), (MIB + 16) << 20);
  const cheap = ["--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000", "--sector-size", "512"];
  await run("cryptsetup", ["-q", "luksFormat", "--type", "luks2", ...cheap, "--key-file", at("pass"), at("luks2")]);
  const source = `${process.execPath} --conditions=guestkit-source ${join(import.meta.dirname, "luks-program.ts")}`;
  const ours = (name: string, image: string) => ({
    ...{ name, shell: `exec ${source} ${at(image)} ${PASSPHRASE}`, runs: RUNS },
  });
  const opened = `--image-opts driver=luks,key-secret=s,file.filename=${at("luks1")}`;
  const qemu = `exec qemu-img convert -m 1 -n ${secret.join(" ")} ${opened} -O raw null-co://`;
  return {
    cases: [
      {
        title: `encrypted: read ${MIB} MiB of aes-xts-plain64 in sectors of 512 bytes`,
        aim: "at most 1.5 times the wall time of qemu-img on LUKS1",
        ours: ours("guestkit, LUKS2", "luks2"),
        peers: [ours("guestkit, LUKS1", "luks1"), { name: "qemu-img, LUKS1", shell: qemu, runs: RUNS }],
      },
    ],
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
