import { z } from "zod";

const text = (what: string) => z.string().describe(what);
const optional = (what: string) => z.string().nullable().describe(what);

const engine = z
  .enum(["docker", "containerd", "podman"])
  .describe("Whose store it is in; Podman, Buildah and CRI-O share podman's.");
const store = text("The folder of the store.");
const namespace = optional("containerd's namespace: k8s.io, moby; null elsewhere.");

export const containersReport = z.object({
  engines: z
    .array(z.object({ name: text("docker, podman, cri-o, kubelet."), path: text("Its program.") }))
    .describe("Programs that run containers."),
  images: z
    .array(
      z.object({
        engine,
        store,
        namespace,
        id: text("sha256: and digits: of its configuration, or of its manifest with containerd."),
        names: z.array(z.string()).describe("Names with tags: docker.io/library/nginx:1.27; empty for one without."),
      }),
    )
    .describe("Images in the stores of engines."),
  containers: z
    .array(
      z.object({
        engine,
        store,
        namespace,
        id: text("Its id."),
        name: optional("Its name; null where it has none."),
        image: optional("Its image, by name or id."),
        restart: optional("When it is started again: always, unless-stopped; null where that is not told."),
      }),
    )
    .describe("Containers that were made of them."),
  declared: z
    .array(
      z.object({
        kind: z.enum(["quadlet", "compose", "static_pod"]).describe("What kind of file it is."),
        path: text("The file."),
        images: z.array(z.string()).describe("Images that it names."),
      }),
    )
    .describe("Files that ask for containers."),
});
