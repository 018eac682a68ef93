import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeOwnFolder } from "../../host/folder.ts";
import { demandOwnPlace } from "../../host/own-place.ts";
import { partialBeside, sweepPartials } from "../../host/partial.ts";
import { printableLines } from "../../kit/name.ts";
import type { Git } from "../git/git.ts";
import type { Fetched } from "../git/mirror.ts";
import { demandSafe, type Job } from "../job.ts";
import { refusal } from "../refusal.ts";
import { makeGpgHome, readGpgStatus } from "./gpg.ts";
import { readCommit, readTag, type SignedObject } from "./signed-object.ts";
import { type Signer, verifySsh } from "./ssh.ts";

export type { Signer } from "./ssh.ts";

/** A commit whose content somebody answers for whom the job allows. */
export interface Verified {
  readonly commit: string;
  readonly signer: Signer;
  /** The object that is signed. */
  readonly by: "commit" | "tag";
}

/** Of the 107 bytes of a socket's path (unix(7)), what the names below leave. */
const LONGEST_FOLDER = 40;
/** Far more than any signed commit or tag that people make. */
const LIMIT = 1 << 20;

/**
 * Verifies the tag, or else the commit, that was fetched: by git, and once more as of now. Throws `E_CI_UNSIGNED`,
 * `E_CI_SIGNATURE` and `E_CI_TAG`; nothing of the commit's tree is looked at.
 */
export async function verify(
  job: Job,
  { ref, oid }: Fetched,
  git: Git,
  { signal, runtimeDir }: { readonly signal: AbortSignal; readonly runtimeDir: string },
): Promise<Verified> {
  const verifier = new Verifier(job, runtimeDir, git, signal);
  const kind = (await git(["cat-file", "-t", oid], { signal })).stdout.trim();
  if (kind === "commit") return { commit: oid, signer: await verifier.commit(oid), by: "commit" };
  if (kind !== "tag") throw refusal("E_CI_TAG", `${ref} (${oid})`, `it names a ${kind}, not a commit`, "Tag a commit.");
  return verifier.tag(ref, oid);
}

class Verifier {
  readonly #job: Job;
  readonly #runtimeDir: string;
  readonly #git: Git;
  readonly #signal: AbortSignal;

  constructor(job: Job, runtimeDir: string, git: Git, signal: AbortSignal) {
    this.#job = job;
    this.#runtimeDir = runtimeDir;
    this.#git = git;
    this.#signal = signal;
  }

  async commit(oid: string): Promise<Signer> {
    const object = readCommit(await this.#read("commit", oid));
    const what = `commit ${oid}`;
    if (object?.signature === null) throw unsigned(what, this.#job);
    if (!object) throw bad(what, "it has more than one signature, or one of another kind of repository");
    return this.#signature("commit", oid, what, object);
  }

  /** A signed tag counts by its own signature and under its own name; one without is a name for a signed commit. */
  async tag(ref: string, oid: string): Promise<Verified> {
    const object = readTag(await this.#read("tag", oid));
    const [commit, second] = object.headers.get("object") ?? [];
    const what = `tag ${ref} (${oid})`;
    if (object.headers.get("type")?.[0] !== "commit" || commit === undefined || second !== undefined) {
      throw refusal("E_CI_TAG", what, "it names no commit", "Tag a commit.");
    }
    if (object.signature === null) return { commit, signer: await this.commit(commit), by: "commit" };
    const name = object.headers.get("tag")?.join("\n") ?? "";
    if (ref !== `refs/tags/${name}`) {
      const why = `it was signed as "${printableLines(name)}": a tag of that name was put in this one's place`;
      throw refusal("E_CI_TAG", what, why, "Find out who renamed the tag; sign one of the name that is meant.");
    }
    return { commit, signer: await this.#signature("tag", oid, what, object), by: "tag" };
  }

  async #read(kind: "commit" | "tag", oid: string): Promise<string> {
    const signal = this.#signal;
    const size = Number((await this.#git(["cat-file", "-s", oid], { signal })).stdout);
    if (!(size <= LIMIT)) throw bad(`${kind} ${oid}`, `it has ${size} bytes`);
    return (await this.#git(["cat-file", kind, oid], { signal, encoding: "latin1" })).stdout;
  }

  async #signature(kind: "commit" | "tag", oid: string, what: string, object: SignedObject): Promise<Signer> {
    const armor = /^-----BEGIN ([A-Z ]+)-----/.exec(object.signature ?? "")?.[1];
    if (armor === "SSH SIGNATURE") return this.#ssh(kind, oid, what, object);
    if (armor === "PGP SIGNATURE" || armor === "PGP MESSAGE") return this.#gpg(kind, oid, what);
    throw bad(what, `its signature is of a kind that is not known here (${armor ?? "none"})`);
  }

  async #ssh(kind: string, oid: string, what: string, { signature, payload }: SignedObject): Promise<Signer> {
    const { signers } = this.#job;
    if (!signers.allowed_signers) throw bad(what, "it is signed with SSH, and the job allows no SSH key");
    await demandSafe(signers.allowed_signers);
    if (signers.revoked_keys) await demandSafe(signers.revoked_keys);
    return this.#within(async (folder) => {
      const said = await this.#byGit(kind, oid, {});
      const parts = { signature: signature ?? "", payload: Buffer.from(payload, "latin1") };
      const signer = said.good ? await verifySsh(parts, signers, folder, this.#signal) : null;
      if (signer) return signer;
      throw bad(what, said.good ? "the key that signed it is not allowed any more" : wordsOf(said.text));
    });
  }

  async #gpg(kind: string, oid: string, what: string): Promise<Signer> {
    const { signers } = this.#job;
    const { keyring } = signers;
    if (!keyring) throw bad(what, "it is signed with OpenPGP, and the job allows no OpenPGP key");
    await demandSafe(keyring);
    return this.#within(async (folder) => {
      const home = join(folder, "g");
      await makeGpgHome(home, keyring, this.#signal);
      const said = await this.#byGit(kind, oid, { GNUPGHOME: home });
      const signer = said.good ? readGpgStatus(said.text, signers) : null;
      if (signer) return signer;
      throw bad(what, said.good ? "the key that signed it is none of the job's fingerprints" : wordsOf(said.text));
    });
  }

  /** git's own verdict: git-verify-commit(1), git-verify-tag(1). */
  async #byGit(kind: string, oid: string, env: Readonly<Record<string, string>>) {
    const accept = [...Array(256).keys()];
    const { exitCode, stdout, stderr } = await this.#git([`verify-${kind}`, "--raw", oid], {
      signal: this.#signal,
      accept,
      env,
    });
    return { good: exitCode === 0, text: stdout + stderr };
  }

  async #within(work: (folder: string) => Promise<Signer>): Promise<Signer> {
    const place = join(await shortFolder(this.#runtimeDir), "v");
    await sweepPartials(place);
    await using partial = partialBeside(place, "v");
    await mkdir(partial.path, { mode: 0o700 });
    return await work(partial.path);
  }
}

/** gpg looks for its agent's socket in its home, and fails where that path would be longer than a socket's may be. */
async function shortFolder(runtimeDir: string): Promise<string> {
  const own = join(runtimeDir, "ci");
  const folder = own.length <= LONGEST_FOLDER ? own : tmpdir();
  await makeOwnFolder(folder);
  await demandOwnPlace(folder);
  return folder;
}

/** What gpg and ssh-keygen say of a signature, in words. */
function wordsOf(said: string): string {
  const word = /^\[GNUPG:\] (BADSIG|EXPSIG|EXPKEYSIG|REVKEYSIG|NO_PUBKEY) ?(.*)$/m.exec(said);
  const names: Readonly<Record<string, string>> = {
    BADSIG: "its signature does not fit its content",
    EXPSIG: "its signature has expired",
    EXPKEYSIG: "the key that signed it has expired",
    REVKEYSIG: "the key that signed it was revoked",
    NO_PUBKEY: "the key that signed it is not in the job's keyring",
  };
  if (word) return `${names[word[1] ?? ""]} (${printableLines(word[2] ?? "").slice(0, 200)})`;
  const lines = said.split("\n").filter((line) => line !== "" && !line.startsWith("[GNUPG:]"));
  return `no allowed key made its signature (${printableLines(lines.join("; ")).slice(0, 400)})`;
}

function unsigned(what: string, { signers }: Job): Error {
  const kinds = [signers.allowed_signers && "SSH", signers.keyring && "OpenPGP"].filter(Boolean).join(" or ");
  return refusal("E_CI_UNSIGNED", what, "it is not signed", `Sign it with an allowed ${kinds} key: git commit -S.`);
}

function bad(what: string, why: string): Error {
  return refusal("E_CI_SIGNATURE", what, why, "Have it signed by a key that the job's signers allow.");
}
