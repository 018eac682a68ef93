import { mkdir } from "node:fs/promises";
import { run } from "../../host/program/process.ts";
import { writeFile } from "../../host/write-file.ts";
import type { Signers } from "../job.ts";
import type { Signer } from "./ssh.ts";

/** gpg(1): nothing is asked of a network or of a running agent. */
const CONFIGURATION =
  "no-auto-key-retrieve\nno-auto-key-locate\ndisable-dirmngr\nno-autostart\nweak-digest SHA1\nbatch\nno-tty\n";

/** Makes a GnuPG home that knows the job's keyring and nothing else. Throws `E_TOOL_FAILED`. */
export async function makeGpgHome(home: string, keyring: string, signal: AbortSignal): Promise<void> {
  await mkdir(home, { mode: 0o700 });
  await writeFile(`${home}/gpg.conf`, CONFIGURATION);
  const doing = `read the keyring "${keyring}"`;
  await run("gpg", ["--homedir", home, "--quiet", "--import", "--", keyring], { signal, doing });
}

/**
 * Who signed, by what gpg said of it (doc/DETAILS, "General status codes"): one good signature, by a key that counts.
 * Expired and revoked keys have other words than GOODSIG.
 */
export function readGpgStatus(text: string, { fingerprints }: Signers): Signer | null {
  const lines = [...text.matchAll(/^\[GNUPG:\] (\S+) ?(.*)$/gm)].map(
    ([, word = "", rest = ""]) => [word, rest] as const,
  );
  const told = (word: string) => lines.filter(([each]) => each === word).map(([, rest]) => rest);
  const others = ["BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG"].flatMap(told);
  const [good] = told("GOODSIG");
  const [valid] = told("VALIDSIG");
  if (good === undefined || valid === undefined || told("GOODSIG").length > 1 || others.length > 0) return null;
  const words = valid.split(" ");
  const keys = [words[0] ?? "", words[9] ?? ""];
  if (fingerprints.length > 0 && !fingerprints.some((each) => keys.includes(each))) return null;
  return { kind: "gpg", name: good.slice(good.indexOf(" ") + 1), key: keys[1] || (keys[0] ?? "") };
}
