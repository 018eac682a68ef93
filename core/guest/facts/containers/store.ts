/** Who keeps images and containers. Podman, Buildah and CRI-O share a store: it is called podman's. */
export type Engine = "docker" | "containerd" | "podman";

/** An image in a store. */
export interface ContainerImage {
  readonly engine: Engine;
  /** The folder of its store. */
  readonly store: string;
  /** containerd keeps apart what different clients have: `k8s.io`, `moby`; null elsewhere. */
  readonly namespace: string | null;
  /** `sha256:` and 64 hexadecimal digits: of its configuration, or of its manifest with containerd. */
  readonly id: string;
  /** With their tags: `docker.io/library/nginx:1.27`; empty for one without a name. */
  readonly names: readonly string[];
}

/** A container that was made of one. */
export interface Container {
  readonly engine: Engine;
  readonly store: string;
  readonly namespace: string | null;
  readonly id: string;
  readonly name: string | null;
  /** By name, else by its id. */
  readonly image: string | null;
  /** `always`, `unless-stopped`; null where it is not told. */
  readonly restart: string | null;
}

/** What a store holds. */
export interface Store {
  readonly images: readonly ContainerImage[];
  readonly containers: readonly Container[];
}

/** Names with a digest in a tag's place are left out: they say no more than the id. */
export function isTagged(name: string): boolean {
  return !name.includes("@") && !name.startsWith("sha256:");
}
