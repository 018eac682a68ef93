import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { repository } from "./engines.ts";

/** ansible-test fetches its pip bootstrap unless this stands in its HOME; ensurepip brings the same without a network. */
const PIP_BOOTSTRAP = "import ensurepip\nensurepip.bootstrap(upgrade=True, default_pip=True)\n";
/** Of which pip, as the releases of ansible-test in use call it. */
const BOOTSTRAPS = ["get_pip_24_2.py", "get_pip_25_2.py"];

export interface Finished {
  readonly exitCode: number | undefined;
  readonly all: string;
}

/** The collection's sources where ansible-test wants them: a git checkout below `ansible_collections`. */
export class CollectionCheckout {
  readonly path: string;
  /** Kept between runs: ansible-test makes its virtual environments there once. */
  readonly home = join(process.env.GUESTKIT_CACHE_DIR ?? join(homedir(), ".cache/guestkit"), "ansible-test-home");

  constructor(scratch: string) {
    this.path = join(scratch, "ansible_collections/guestkit/guestkit");
  }

  async lay(): Promise<void> {
    const cache = join(this.home, ".ansible/test/cache");
    await mkdir(cache, { recursive: true });
    for (const name of BOOTSTRAPS) await writeFile(join(cache, name), PIP_BOOTSTRAP);
    await cp(join(repository, "ansible/collection"), this.path, { recursive: true });
    await writeFile(join(this.path, ".gitignore"), "tests/output/\ntests/integration/integration_config.yml\n");
    const git = (...args: readonly string[]) => execa("git", args, { cwd: this.path });
    await git("init", "-q", ".");
    await git("add", "-A");
    await git("-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-qm", "collection");
  }

  /** Runs a kind of tests in virtual environments of the very Python that this ansible-test is of, and runs on. */
  async test(ansibleTest: string, kind: "sanity" | "units" | "integration"): Promise<Finished> {
    const { release, folder } = await pythonOf(ansibleTest);
    const args = [kind, "--venv", "--python", release, "--requirements"];
    return await this.run(ansibleTest, args, [folder]);
  }

  /** Runs one of Ansible's programs in it; those that the program calls are found beside it, and before others in `folders`. */
  async run(program: string, args: readonly string[], folders: readonly string[] = []): Promise<Finished> {
    const env = {
      HOME: this.home,
      PATH: [dirname(program), ...folders, process.env.PATH].join(":"),
      NO_COLOR: "1",
      ANSIBLE_COLLECTIONS_PATH: join(this.path, "../../.."),
    };
    const options = { cwd: this.path, env, all: true, reject: false, stdin: "ignore" } as const;
    const { exitCode, all } = await execa(program, args, options);
    return { exitCode, all };
  }
}

/** Its release, and the folder of the interpreter itself: a manager's stand-in on PATH needs what modules are not given. */
async function pythonOf(script: string): Promise<{ readonly release: string; readonly folder: string }> {
  const [first = ""] = (await readFile(script, "utf8")).split("\n", 1);
  const tell = "import os, sys; print('%d.%d' % sys.version_info[:2], os.path.realpath(sys.executable))";
  const { stdout } = await execa(first.replace(/^#!\s*/, ""), ["-c", tell]);
  const [release = "", executable = ""] = stdout.split(" ");
  return { release, folder: dirname(executable) };
}
