import type { Tree } from "../../../filesystem/tree.ts";
import { type Bucket, openBolt } from "../../bolt/index.ts";
import { type Container, type ContainerImage, isTagged, type Store } from "./store.ts";

/** Where containerd's own and those of its users lie. */
const ROOTS = [
  "/var/lib/containerd",
  "/var/lib/docker/containerd/daemon",
  "/var/lib/rancher/k3s/agent/containerd",
  "/var/lib/rancher/rke2/agent/containerd",
  "/var/lib/k0s/containerd",
  "/var/snap/microk8s/common/var/lib/containerd",
];
const DATABASE = "io.containerd.metadata.v1.bolt/meta.db";

/** Every namespace of containerd's metadata (containerd, core/metadata/buckets.go: v1/NAMESPACE/images and containers). Throws `E_BOLT_*`. */
export async function readContainerd(tree: Tree): Promise<Store> {
  const [images, containers]: [ContainerImage[], Container[]] = [[], []];
  for (const store of new Set([...ROOTS, ...(await configured(tree))])) {
    const path = `${store}/${DATABASE}`;
    const file = await tree.open(path);
    if (!file) continue;
    const root = await openBolt(file, (bytes) => {
      tree.budget.spend("entries", 1, path);
      tree.budget.spend("bytes", bytes, path);
    });
    for (const [namespace, bucket] of await bucketsOf(await root.bucket("v1"))) {
      for (const image of await imagesOf(store, namespace, await bucket.bucket("images"))) images.push(image);
      for (const [id, container] of await bucketsOf(await bucket.bucket("containers"))) {
        const image = (await container.text("image")) || null;
        containers.push({ engine: "containerd", store, namespace, id, name: null, image, restart: null });
      }
    }
  }
  return { images, containers };
}

/** `root` of its configuration, before the first table. */
async function configured(tree: Tree): Promise<readonly string[]> {
  const text = (await tree.readText("/etc/containerd/config.toml")) ?? "";
  const [top = ""] = text.split(/^[ \t]*\[/m, 1);
  const [, root] = /^[ \t]*root[ \t]*=[ \t]*["']([^"'\n]+)["']/m.exec(top) ?? [];
  return root ? [root] : [];
}

async function bucketsOf(bucket: Bucket | null): Promise<readonly (readonly [string, Bucket])[]> {
  const found: (readonly [string, Bucket])[] = [];
  for await (const each of bucket?.entries() ?? []) if (each.bucket) found.push([each.key, each.bucket]);
  return found;
}

/** One for each digest: of an image that has several names, some may be digests themselves. */
async function imagesOf(store: string, namespace: string, bucket: Bucket | null): Promise<readonly ContainerImage[]> {
  const names = new Map<string, string[]>();
  for (const [name, image] of await bucketsOf(bucket)) {
    const digest = await (await image.bucket("target"))?.text("digest");
    if (!digest) continue;
    const known = names.get(digest);
    if (known) known.push(name);
    else names.set(digest, [name]);
  }
  return [...names].map(([id, all]) => ({
    ...{ engine: "containerd", store, namespace, id },
    names: all.filter(isTagged),
  }));
}
