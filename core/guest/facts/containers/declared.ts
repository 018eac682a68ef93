import type { Tree } from "../../../filesystem/tree.ts";
import { nameIn } from "../../../kit/path.ts";
import type { User } from "../../accounts.ts";
import { parseIni } from "../../network/ini.ts";

/** A file that asks for containers. */
export interface DeclaredContainers {
  readonly kind: "quadlet" | "compose" | "static_pod";
  readonly path: string;
  /** Images that it names, as they are written. */
  readonly images: readonly string[];
}

/** podman-systemd.unit(5). */
const QUADLETS = ["/etc/containers/systemd", "/usr/share/containers/systemd"];
const QUADLET = /\.(?:container|pod|kube|image|build)$/;
const COMPOSE = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
/** Where people put them: there, and one folder deeper. */
const COMPOSE_FOLDERS = ["/opt", "/srv", "/root", "/etc/docker/compose", "/etc/compose"];
/** The kubelet starts what lies there. */
const STATIC_PODS = "/etc/kubernetes/manifests";
const IMAGE = /^[ \t]+(?:-[ \t]+)?image:[ \t]*["']?([^\s"'#]+)/gm;

export async function readDeclared(tree: Tree, users: readonly User[]): Promise<readonly DeclaredContainers[]> {
  const homes = [...new Set(users.filter(({ uid }) => uid === 0 || uid >= 1000).map(({ home }) => home))];
  const found: DeclaredContainers[] = [];
  for (const folder of [...QUADLETS, ...homes.map((home) => `${home}/.config/containers/systemd`)]) {
    for (const path of await below(tree, folder)) if (QUADLET.test(path)) found.push(await quadlet(tree, path));
  }
  for (const folder of new Set([...COMPOSE_FOLDERS, ...homes])) {
    for (const path of await below(tree, folder)) {
      if (COMPOSE.includes(nameIn(path))) found.push(await yaml(tree, "compose", path));
    }
  }
  for (const name of await tree.names(STATIC_PODS)) {
    if (/\.ya?ml$/.test(name)) found.push(await yaml(tree, "static_pod", `${STATIC_PODS}/${name}`));
  }
  return found;
}

/** Files of a folder, and of those in it. */
async function below(tree: Tree, folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { name, node, type } of await tree.children(folder)) {
    const path = `${folder}/${name}`;
    if (type === "directory") for (const each of await tree.children(node)) paths.push(`${path}/${each.name}`);
    else paths.push(path);
  }
  return paths;
}

async function quadlet(tree: Tree, path: string): Promise<DeclaredContainers> {
  const lines = parseIni(((await tree.readText(path)) ?? "").replace(/\\\n/g, " "));
  const images = lines.filter(([section, key]) => key === "Image" && section !== "Quadlet").map(([, , value]) => value);
  return { kind: "quadlet", path, images };
}

async function yaml(tree: Tree, kind: "compose" | "static_pod", path: string): Promise<DeclaredContainers> {
  const text = (await tree.readText(path)) ?? "";
  return { kind, path, images: [...text.matchAll(IMAGE)].map(([, image]) => image as string) };
}
