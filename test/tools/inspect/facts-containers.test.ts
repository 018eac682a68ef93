import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Containers } from "../../../core/guest/facts/containers/index.ts";
import { guestkitText } from "../../support/cli.ts";
import { folder } from "../../support/disk.ts";
import { run, scratch } from "../../support/run.ts";

/** Podman takes no runroot of more than 50 characters. */
const dir = await scratch("oci");
const NAME = "docker.io/library/web:1.0";

/** `$1` is the tree of a system, `$2` an empty folder. What is not the store lies in the latter. */
const PODMAN = `set -e
podman_in() { root=$1 work=$2; shift 2; podman --root "$root/var/lib/containers/storage" --runroot "$work/run" \\
  --tmpdir "$work/tmp" --storage-driver vfs --cgroup-manager cgroupfs --events-backend file "$@"; }
mkdir -p "$2/files" && echo hello > "$2/files/hello" && tar -C "$2/files" -cf "$2/layer.tar" hello
podman_in "$1" "$2" import --quiet "$2/layer.tar" ${NAME} > "$2/id"
podman_in "$1" "$2" tag ${NAME} example.org/other:latest
podman_in "$1" "$2" create --quiet --name front --network none ${NAME} /hello > "$2/container"
podman_in "$1" "$2" save --quiet --format oci-archive -o "$2/image.tar" ${NAME}
`;

/** The same for containerd, with a daemon that ends when this does. */
const CONTAINERD = `set -e
printf '%s\\n' 'version = 2' "root = '$1/var/lib/containerd'" "state = '$2/state'" \\
  'disabled_plugins = ["io.containerd.grpc.v1.cri"]' '[grpc]' "address = '$2/socket'" > "$2/config.toml"
containerd -c "$2/config.toml" > "$2/log" 2>&1 &
daemon=$!
trap 'kill $daemon; wait $daemon || true' EXIT
ctr_in() { address=$1; shift; ctr -a "$address" -n k8s.io "$@"; }
tries=0
until ctr_in "$2/socket" version > /dev/null 2>&1; do
  tries=$((tries + 1)); [ $tries -lt 300 ] || { cat "$2/log" >&2; exit 1; }; sleep 0.1
done
ctr_in "$2/socket" images import --snapshotter native "$2/image.tar" > /dev/null
ctr_in "$2/socket" containers create --snapshotter native ${NAME} front /hello
ctr_in "$2/socket" images list | awk 'NR == 2 { print $3 }' > "$2/digest"
`;

it("--facts containers tells what podman and containerd have made", async () => {
  const root = await folder(dir, {
    "etc/os-release": "ID=debian\n",
    "etc/passwd": "root:x:0:0::/root:/bin/sh\n",
    "usr/bin/podman": "",
  });
  const work = join(dir, "w");
  await mkdir(work);
  for (const [name, script] of [
    ["podman.sh", PODMAN],
    ["containerd.sh", CONTAINERD],
  ] as const) {
    await writeFile(join(dir, name), script);
    await run("sh", [join(dir, name), root, work]);
  }
  const image = join(dir, "containers.img");
  await run("mke2fs", ["-q", "-t", "ext4", "-d", root, image, "64M"]);
  const report = JSON.parse(await guestkitText(["inspect", image, "--json", "--facts", "containers"]));
  const told = async (name: string) => (await readFile(join(work, name), "utf8")).trim();
  const found: Containers = report.containers;
  const [store, other] = ["/var/lib/containers/storage", "/var/lib/containerd"];
  expect(report.warnings).toEqual([]);
  expect(found.images).toEqual([
    { engine: "containerd", store: other, namespace: "k8s.io", id: await told("digest"), names: [NAME] },
    { engine: "podman", store, namespace: null, id: await told("id"), names: [NAME, "example.org/other:latest"] },
  ]);
  expect(found.containers.map(({ engine, id, name, image }) => [engine, id, name, image])).toEqual([
    ["containerd", "front", null, NAME],
    ["podman", await told("container"), "front", NAME],
  ]);
  expect(found.engines).toEqual([{ name: "podman", path: "/usr/bin/podman" }]);
});
