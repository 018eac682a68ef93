import type { Tree } from "../../../filesystem/tree.ts";
import type { User } from "../../accounts.ts";
import { listOf, member, readJson, textOf } from "./json.ts";
import { type Container, type ContainerImage, isTagged, type Store } from "./store.ts";

const DEFAULT = "/var/lib/containers/storage";
/** Of users without root. */
const IN_HOME = ".local/share/containers/storage";

/** Stores of containers/storage (images.go, containers.go): the system's and each user's. Throws `E_CONTAINERS_JSON`. */
export async function readPodman(tree: Tree, users: readonly User[]): Promise<Store> {
  const roots = [...new Set([DEFAULT, ...(await configured(tree)), ...users.map(({ home }) => `${home}/${IN_HOME}`)])];
  const [images, containers]: [ContainerImage[], Container[]] = [[], []];
  for (const store of roots) {
    for (const folder of await tree.names(store)) {
      const [, kind] = /^[a-z0-9]+-(images|containers)$/.exec(folder) ?? [];
      if (kind === undefined) continue;
      for (const each of listOf(await readJson(tree, `${store}/${folder}/${kind}.json`))) {
        if (kind === "images") images.push(...imageOf(store, each));
        else containers.push(...containerOf(store, each));
      }
    }
  }
  return { images, containers };
}

/** Where storage.conf puts the system's store, and further ones that are only read. */
async function configured(tree: Tree): Promise<readonly string[]> {
  const text =
    (await tree.readText("/etc/containers/storage.conf")) ??
    (await tree.readText("/usr/share/containers/storage.conf")) ??
    "";
  const [, root] = /^[ \t]*graphroot[ \t]*=[ \t]*"([^"\n]+)"/m.exec(text) ?? [];
  const list = /^[ \t]*additionalimagestores[ \t]*=[ \t]*\[/m.exec(text);
  const rest = list ? text.slice(list.index + list[0].length) : "";
  const lines = rest.slice(0, Math.max(0, rest.indexOf("]"))).split("\n");
  const more = lines.filter((line) => !line.trimStart().startsWith("#")).join("\n");
  return [...(root ? [root] : []), ...[...more.matchAll(/"([^"\n]+)"/g)].map(([, path]) => path as string)];
}

function imageOf(store: string, told: unknown): readonly ContainerImage[] {
  const id = textOf(member(told, "id"));
  if (id === null) return [];
  const names = listOf(member(told, "names")).filter((name) => typeof name === "string");
  return [{ engine: "podman", store, namespace: null, id: `sha256:${id}`, names: names.filter(isTagged).sort() }];
}

/** What made the container leaves its image's name in a text of its own. */
function containerOf(store: string, told: unknown): readonly Container[] {
  const id = textOf(member(told, "id"));
  if (id === null) return [];
  const [name] = listOf(member(told, "names"));
  const metadata = parsed(textOf(member(told, "metadata")));
  const image = textOf(member(metadata, "image-name")) ?? textOf(member(told, "image"));
  return [{ engine: "podman", store, namespace: null, id, name: textOf(name), image, restart: null }];
}

/** Null for what is not JSON: other makers leave other texts. */
function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
