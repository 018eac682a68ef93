import type { Tree } from "../../../filesystem/tree.ts";
import type { FactKind } from "../fact.ts";
import { readContainerd } from "./containerd.ts";
import { type DeclaredContainers, readDeclared } from "./declared.ts";
import { readDocker } from "./docker.ts";
import { readPodman } from "./podman.ts";
import type { Container, ContainerImage } from "./store.ts";

/** A program that runs containers. */
export interface ContainerEngine {
  readonly name: string;
  readonly path: string;
}

/** What runs containers in a system, what they are made of, and what asks for them. */
export interface Containers {
  readonly engines: readonly ContainerEngine[];
  readonly images: readonly ContainerImage[];
  readonly containers: readonly Container[];
  readonly declared: readonly DeclaredContainers[];
}

/** Programs by their engine. */
const PROGRAMS: Readonly<Record<string, string>> = {
  dockerd: "docker",
  containerd: "containerd",
  podman: "podman",
  crio: "cri-o",
  k3s: "k3s",
  kubelet: "kubelet",
  lxd: "lxd",
  incusd: "incus",
  "lxc-start": "lxc",
};
const FOLDERS = [
  "/usr/bin",
  "/usr/sbin",
  "/usr/local/bin",
  "/usr/local/sbin",
  "/opt/bin",
  "/snap/bin",
  "/usr/libexec/incus",
];

export const containers: FactKind<Containers> = {
  share: { bytes: 64 << 20 },
  read: async ({ tree, users }) => {
    const stores = [await readDocker(tree), await readContainerd(tree), await readPodman(tree, users ?? [])];
    return {
      engines: await engines(tree),
      images: stores.flatMap(({ images }) => images),
      containers: stores.flatMap(({ containers }) => containers),
      declared: await readDeclared(tree, users ?? []),
    };
  },
};

/** Each program once, in the first folder that has it. */
async function engines(tree: Tree): Promise<readonly ContainerEngine[]> {
  const found: ContainerEngine[] = [];
  for (const [program, name] of Object.entries(PROGRAMS)) {
    for (const folder of FOLDERS) {
      const path = `${folder}/${program}`;
      if ((await tree.stat(path))?.type !== "file") continue;
      found.push({ name, path });
      break;
    }
  }
  return found;
}
