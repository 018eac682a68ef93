import { cp, mkdir, writeFile } from "node:fs/promises";
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

  /** Runs one of Ansible's programs in it; those that the program calls are found beside it. */
  async run(program: string, args: readonly string[], cwd = this.path): Promise<Finished> {
    const env = {
      HOME: this.home,
      PYENV_ROOT: process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"),
      PATH: `${dirname(program)}:${process.env.PATH}`,
      NO_COLOR: "1",
      ANSIBLE_COLLECTIONS_PATH: join(this.path, "../../.."),
    };
    const { exitCode, all } = await execa(program, args, { cwd, env, all: true, reject: false, stdin: "ignore" });
    return { exitCode, all };
  }
}
