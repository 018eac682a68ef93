import { resolve } from "node:path";
import { GuestkitError } from "../../kit/errors.ts";

/** Where a job's repository is (git-clone(1), GIT URLS). */
export interface Repository {
  /** As git gets it: a URL, HOST:PATH, or an absolute path. */
  readonly address: string;
  /** The one protocol that git may speak (GIT_ALLOW_PROTOCOL). */
  readonly protocol: string;
  /** The path of one on this host. */
  readonly path: string | null;
}

/** git hands a URL on in arguments, which every user of this host can read. */
const PASSWORD = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/@]*:[^/]*@/;
const PROTOCOLS = ["https", "http", "ssh", "git", "file"];

/** Throws `E_CI_REPOSITORY` for whatever would run a program (ext::), be taken for an option, or holds a password. */
export function readRepository(text: string, baseDir: string): Repository {
  if (PASSWORD.test(text)) throw withPassword(text);
  const protocol = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1]?.toLowerCase();
  if (protocol === "file") return { address: text, protocol, path: decodeURIComponent(new URL(text).pathname) };
  if (protocol !== undefined && PROTOCOLS.includes(protocol)) return { address: text, protocol, path: null };
  if (protocol !== undefined || text.includes("::") || text.startsWith("-") || /[\0\n]/.test(text)) throw unknown(text);
  // A colon before the first slash is HOST:PATH.
  if (/^[^/]+:/.test(text)) return { address: text, protocol: "ssh", path: null };
  const path = resolve(baseDir, text);
  return { address: path, protocol: "file", path };
}

/** The address without user name and password. */
export function publicAddress(address: string): string {
  return address.replace(/^([a-z+]+:\/\/)[^/@]*@/i, "$1");
}

function withPassword(text: string): GuestkitError {
  const message = `Cannot use the repository "${publicAddress(text)}": there is a password in its address, which every user of this host would see`;
  return new GuestkitError("E_CI_REPOSITORY", message, {
    at: { field: ["repository"] },
    help: "Put it into ~/.netrc (machine HOST login NAME password WORD; chmod 600) or git's credential helper, or use SSH.",
  });
}

function unknown(text: string): GuestkitError {
  return new GuestkitError(
    "E_CI_REPOSITORY",
    `Cannot use the repository "${publicAddress(text)}": git has no safe way to it`,
    {
      at: { field: ["repository"] },
      help: `Use ${PROTOCOLS.map((each) => `${each}://`).join(", ")}, HOST:PATH or a path.`,
    },
  );
}
