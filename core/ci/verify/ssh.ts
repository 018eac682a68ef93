import { join } from "node:path";
import { run } from "../../host/program/process.ts";
import { writeFile } from "../../host/write-file.ts";
import type { Signers } from "../job.ts";

/** Who signed, and with which key. */
export interface Signer {
  readonly kind: "ssh" | "gpg";
  /** Of the list of allowed keys: a principal, or a user id. */
  readonly name: string;
  /** Fingerprint. */
  readonly key: string;
}

export interface Signature {
  /** Armored. */
  readonly signature: string;
  readonly payload: Uint8Array;
}

/**
 * Verifies an SSH signature as of now: git asks whether the key was allowed at the time that the commit itself claims,
 * which the holder of an expired key chooses. Gives null where no allowed key made it. See ssh-keygen(1), -Y verify.
 */
export async function verifySsh(
  { signature, payload }: Signature,
  { allowed_signers, revoked_keys }: Signers,
  folder: string,
  signal: AbortSignal,
): Promise<Signer | null> {
  if (!allowed_signers) return null;
  const file = join(folder, "signature");
  await writeFile(file, signature);
  const keygen = (args: readonly string[], input?: Uint8Array) =>
    run("ssh-keygen", args, { signal, accept: [...Array(256).keys()], ...(input && { input }) });
  const allowed = ["-f", allowed_signers, "-s", file];
  const found = await keygen(["-Y", "find-principals", ...allowed]);
  const revoked = revoked_keys ? ["-r", revoked_keys] : [];
  for (const principal of found.exitCode === 0 ? found.stdout.split("\n").filter((each) => each !== "") : []) {
    const verify = ["-Y", "verify", "-n", "git", "-I", principal, ...allowed, ...revoked];
    const { exitCode, stdout } = await keygen(verify, payload);
    const key = /^Good "git" signature for .* with \S+ key (SHA256:\S+)$/m.exec(stdout)?.[1];
    if (exitCode === 0 && key !== undefined) return { kind: "ssh", name: principal, key };
  }
  return null;
}
