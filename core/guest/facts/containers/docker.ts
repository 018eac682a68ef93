import type { Tree } from "../../../filesystem/tree.ts";
import { member, membersOf, readJson, textOf } from "./json.ts";
import { type Container, type ContainerImage, isTagged, type Store } from "./store.ts";

/** Docker's own store (moby, image/tag/store.go and container/container.go). Throws `E_CONTAINERS_JSON`. */
export async function readDocker(tree: Tree): Promise<Store> {
  const settings = await readJson(tree, "/etc/docker/daemon.json");
  const store = textOf(member(settings, "data-root")) ?? textOf(member(settings, "graph")) ?? "/var/lib/docker";
  return { images: await images(tree, store), containers: await containers(tree, store) };
}

/** A file for each storage driver that was ever used. */
async function images(tree: Tree, store: string): Promise<readonly ContainerImage[]> {
  const names = new Map<string, Set<string>>();
  for (const driver of await tree.names(`${store}/image`)) {
    const told = await readJson(tree, `${store}/image/${driver}/repositories.json`);
    for (const [, repository] of membersOf(member(told, "Repositories"))) {
      for (const [name, id] of membersOf(repository)) {
        if (typeof id === "string") names.set(id, (names.get(id) ?? new Set()).add(name));
      }
    }
  }
  return [...names].map(([id, all]) => ({
    ...{ engine: "docker", store, namespace: null, id },
    names: [...all].filter(isTagged).sort(),
  }));
}

async function containers(tree: Tree, store: string): Promise<readonly Container[]> {
  const found: Container[] = [];
  for (const id of await tree.names(`${store}/containers`)) {
    const folder = `${store}/containers/${id}`;
    const told = await readJson(tree, `${folder}/config.v2.json`);
    if (told === null) continue;
    const policy = member(await readJson(tree, `${folder}/hostconfig.json`), "RestartPolicy");
    found.push({
      ...{ engine: "docker", store, namespace: null, id },
      name: textOf(member(told, "Name"))?.replace(/^\//, "") ?? null,
      image: textOf(member(member(told, "Config"), "Image")) ?? textOf(member(told, "Image")),
      restart: textOf(member(policy, "Name")),
    });
  }
  return found;
}
