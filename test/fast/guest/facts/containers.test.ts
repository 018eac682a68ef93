import { describe, expect, it } from "vitest";
import { containers } from "../../../../core/guest/facts/containers/index.ts";
import { GuestkitError } from "../../../../core/kit/errors.ts";
import { makeBolt } from "../../../support/bolt.ts";
import { knownSystem } from "../../../support/known-system.ts";
import { type Content, memoryTree } from "../../../support/memory-filesystem.ts";
import { fc } from "../../../support/property.ts";

const PASSWD = "root:x:0:0::/root:/bin/sh\nme:x:1000:7::/home/me:/bin/bash\n";
const read = async (files: Readonly<Record<string, Content>>) =>
  containers.read(await knownSystem(await memoryTree({ "/etc/passwd": PASSWD, ...files })));

const ID = `sha256:${"a".repeat(64)}`;
const META = "io.containerd.metadata.v1.bolt/meta.db";
const DATABASE = makeBolt({
  v1: {
    "k8s.io": {
      images: {
        "docker.io/library/nginx:1.27": { target: { digest: ID, mediatype: "x" } },
        [ID]: { target: { digest: ID } },
      },
      containers: { c1: { image: "docker.io/library/nginx:1.27", runtime: { name: "runc" } } },
    },
  },
});

describe("docker", () => {
  // Files as moby writes them: image/tag/store.go (repositories), container/container.go (toDisk), container.HostConfig.
  it("tells images and containers of its data-root, and nothing of their environment", async () => {
    const found = await read({
      "/etc/docker/daemon.json": JSON.stringify({ "data-root": "/data/docker" }),
      "/data/docker/image/overlay2/repositories.json": JSON.stringify({
        Repositories: { web: { "web:1": ID, "web:latest": ID, [`web@${ID}`]: ID }, __proto__: { x: 1 } },
      }),
      "/data/docker/containers/c1/config.v2.json": JSON.stringify({
        ...{ ID: "c1", Name: "/front", Image: ID },
        Config: { Image: "web:1", Env: ["TOKEN=hunter2"] },
      }),
      "/data/docker/containers/c1/hostconfig.json": JSON.stringify({ RestartPolicy: { Name: "always" } }),
      "/usr/bin/dockerd": "",
    });
    expect(JSON.stringify(found)).not.toContain("hunter2");
    const place = { engine: "docker", store: "/data/docker", namespace: null };
    expect(found.images).toEqual([{ ...place, id: ID, names: ["web:1", "web:latest"] }]);
    expect(found.containers).toEqual([{ ...place, id: "c1", name: "front", image: "web:1", restart: "always" }]);
    expect(found.engines).toEqual([{ name: "docker", path: "/usr/bin/dockerd" }]);
  });

  it("is refused by name where its files are damaged", async () => {
    const found = read({ "/var/lib/docker/image/vfs/repositories.json": "{" });
    await expect(found).rejects.toMatchObject({ code: "E_CONTAINERS_JSON", message: expect.stringContaining("/vfs/") });
  });
});

describe("podman", () => {
  it("tells what is in the stores of the system, of storage.conf and of users", async () => {
    const images = JSON.stringify([{ id: "a", names: ["web:1"] }, { id: "b" }]);
    const { images: found } = await read({
      "/etc/containers/storage.conf":
        '[storage]\ngraphroot = "/data/c"\n[storage.options]\nadditionalimagestores = [\n# "/no",\n"/ro",\n]\n',
      "/data/c/overlay-images/images.json": images,
      "/ro/overlay-images/images.json": images,
      "/no/overlay-images/images.json": images,
      "/home/me/.local/share/containers/storage/vfs-images/images.json": "[]",
      "/home/me/.local/share/containers/storage/overlay-images/images.json": images,
    });
    const stores = ["/data/c", "/ro", "/home/me/.local/share/containers/storage"];
    expect(found.map(({ store, id, names }) => [store, id, names])).toEqual(
      stores.flatMap((store) => [
        [store, "sha256:a", ["web:1"]],
        [store, "sha256:b", []],
      ]),
    );
  });
});

describe("containerd", () => {
  it("tells images of each namespace once, wherever its root is", async () => {
    const found = await read({
      "/etc/containerd/config.toml": 'version = 2\nroot = "/data/cd"\n[plugins]\nroot = "/no"\n',
      [`/data/cd/${META}`]: DATABASE,
      [`/var/lib/rancher/k3s/agent/containerd/${META}`]: DATABASE,
    });
    const place = { engine: "containerd", namespace: "k8s.io" };
    const stores = ["/var/lib/rancher/k3s/agent/containerd", "/data/cd"];
    expect(found.images).toEqual(
      stores.map((store) => ({ ...place, store, id: ID, names: ["docker.io/library/nginx:1.27"] })),
    );
    expect(found.containers.map(({ id, image }) => [id, image])).toEqual(
      stores.map(() => ["c1", "docker.io/library/nginx:1.27"]),
    );
  });

  it("costs what is read of it, each time that it is", async () => {
    const tree = await memoryTree({ [`/var/lib/containerd/${META}`]: DATABASE });
    await containers.read(await knownSystem(tree));
    expect(tree.budget.used.bytes).toBeGreaterThan(4096);
  });

  it("is read, or refused by name, whatever bytes are damaged", async () => {
    const damage = fc.array(fc.tuple(fc.nat(DATABASE.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(damage, async (places) => {
        const bytes = DATABASE.slice();
        for (const [at, value] of places) bytes[at % 2 ? 8192 + (at % 600) : at] = value;
        const found = await read({ [`/var/lib/containerd/${META}`]: bytes }).catch((error) => error);
        expect(found instanceof GuestkitError || Array.isArray(found.images)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

it("files that ask for containers are told with the images that they name", async () => {
  const { declared } = await read({
    "/etc/containers/systemd/web.container": "[Container]\nImage=docker.io/web:1\nExec=run\n",
    "/home/me/.config/containers/systemd/x.pod": "[Pod]\nPodName=x\n",
    "/opt/app/compose.yaml": 'services:\n  a:\n    image: "a:1"\n  b:\n    image: b # why\n',
    "/opt/app/values.yaml": "  image: no\n",
    "/home/me/docker-compose.yml": "services:\n  c:\n    build: .\n",
    "/etc/kubernetes/manifests/etcd.yaml": "spec:\n  containers:\n  - image: registry/etcd:3\n    name: etcd\n",
  });
  expect(declared).toEqual([
    { kind: "quadlet", path: "/etc/containers/systemd/web.container", images: ["docker.io/web:1"] },
    { kind: "quadlet", path: "/home/me/.config/containers/systemd/x.pod", images: [] },
    { kind: "compose", path: "/opt/app/compose.yaml", images: ["a:1", "b"] },
    { kind: "compose", path: "/home/me/docker-compose.yml", images: [] },
    { kind: "static_pod", path: "/etc/kubernetes/manifests/etcd.yaml", images: ["registry/etcd:3"] },
  ]);
});
