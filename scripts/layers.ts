import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * The dependency rule: which layer of the core may import which. `npm run generate` writes it into biome.json,
 * whose linter enforces it.
 */
const READ_PATH = ["kit", "source", "format", "volume", "filesystem", "disk", "guest"];

/** From the ground up: a layer imports nothing that stands below it here. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  kit: [],
  grpc: [],
  source: ["kit"],
  luks: ["kit", "source"],
  format: ["kit", "source", "luks"],
  volume: ["kit", "source", "luks"],
  filesystem: ["kit", "source"],
  model: ["kit", "generated"],
  host: ["kit", "source"],
  engine: ["kit", "model", "host"],
  redo: ["kit", "source", "format", "model", "host", "engine"],
  disk: ["kit", "source", "format", "volume", "filesystem", "host", "redo"],
  guest: ["kit", "source", "filesystem"],
  inspect: [...READ_PATH, "host", "redo"],
  archive: ["kit", "source", "filesystem"],
  diff: ["kit", "source", "filesystem", "disk", "inspect", "archive"],
  sbom: ["kit", "source", "inspect"],
  check: ["kit", "source", "filesystem", "guest", "inspect"],
  copy: [...READ_PATH, "host", "archive"],
  kvmxfile: ["kit", "model"],
  project: ["kit", "model", "host", "engine"],
  qemu: ["kit", "source", "host"],
  appliance: ["kit", "source", "guest", "host", "qemu"],
  build: [...READ_PATH, "model", "host", "redo", "inspect", "qemu", "appliance"],
  machine: ["kit", "format", "model", "host", "engine", "qemu", "build"],
  seed: ["kit", "source", "filesystem", "model", "host", "qemu", "build", "machine"],
  communicator: ["kit", "model", "host", "qemu", "machine", "seed"],
  share: ["kit", "host", "qemu", "machine", "communicator"],
  preflight: [
    ...READ_PATH,
    "model",
    "host",
    "engine",
    "inspect",
    "qemu",
    "build",
    "machine",
    "seed",
    "communicator",
    "share",
  ],
  lifecycle: [
    "kit",
    "model",
    "host",
    "engine",
    "inspect",
    "qemu",
    "build",
    "machine",
    "seed",
    "communicator",
    "share",
    "preflight",
  ],
  disposable: [
    "kit",
    "guest",
    "model",
    "host",
    "engine",
    "inspect",
    "archive",
    "qemu",
    "build",
    "machine",
    "seed",
    "communicator",
    "share",
    "preflight",
    "lifecycle",
  ],
  ci: ["kit", "model", "host", "engine", "project", "qemu", "build", "machine", "share", "lifecycle"],
  resource: [
    ...READ_PATH,
    "model",
    "host",
    "engine",
    "redo",
    "inspect",
    "archive",
    "diff",
    "sbom",
    "check",
    "copy",
    "project",
    "qemu",
    "build",
    "machine",
    "seed",
    "communicator",
    "share",
    "preflight",
    "lifecycle",
    "disposable",
    "ci",
  ],
  rpc: ["kit", "model", "host", "engine", "resource"],
  remote: ["kit", "archive", "model", "host", "engine", "communicator", "resource", "rpc"],
};

/** Layers that run in a browser as well: nothing of Node, no package. */
export const PURE = [
  "kit",
  "luks",
  "format",
  "volume",
  "filesystem",
  "disk",
  "guest",
  "archive",
  "inspect",
  "diff",
  "check",
];
/** Only these start other programs. */
export const SPAWNING = ["host", "qemu"];
/** Layers whose folders are kinds of one thing: two of them never know one another. */
const OF_KINDS = ["format", "volume", "filesystem"];
export const FACES = ["cli", "provider", "pulumi", "ansible"];

interface Pattern {
  readonly group: readonly string[];
  readonly message: string;
}

const override = (includes: string, patterns: readonly Pattern[]) => ({
  includes: [includes],
  linter: { rules: { style: { noRestrictedImports: { level: "error", options: { patterns } } } } },
});

function layerPatterns(layer: string): Pattern[] {
  const others = Object.keys(LAYERS).filter((other) => other !== layer && !LAYERS[layer]?.includes(other));
  return [
    {
      group: [...others.map((other) => `../**/${other}/**`), "**/generated/**"].filter(
        (group) => !(group.includes("generated") && LAYERS[layer]?.includes("generated")),
      ),
      message: `core/${layer} imports only: ${LAYERS[layer]?.join(", ") || "nothing"}.`,
    },
    ...(PURE.includes(layer)
      ? [{ group: ["node:*"], message: "This layer runs in a browser: Node comes through core/source." }]
      : []),
    ...(SPAWNING.includes(layer)
      ? []
      : [
          {
            group: ["execa", "node:child_process"],
            message: `Programs are started in ${SPAWNING.map((each) => `core/${each}`).join(" and ")} alone.`,
          },
        ]),
    { group: ["@guestkit/**"], message: "The core knows no face." },
  ];
}

function siblingOverrides(): object[] {
  return OF_KINDS.flatMap((layer) => {
    const kinds = kindsOf(layer);
    return kinds.map((kind) => {
      const others = kinds.filter((other) => other !== kind);
      const sibling = {
        group: others.map((other) => `../${other}/**`),
        message: `Kinds of ${layer} never import one another.`,
      };
      return override(`core/${layer}/${kind}/**`, [...layerPatterns(layer), sibling]);
    });
  });
}

/** The kinds of a layer are its folders, whichever there are. */
function kindsOf(layer: string): string[] {
  const found = readdirSync(join(import.meta.dirname, "../core", layer), { withFileTypes: true });
  return found.flatMap((each) => (each.isDirectory() ? [each.name] : [])).toSorted();
}

function facePatterns(face: string): Pattern[] {
  const others = FACES.filter((other) => other !== face);
  return [
    {
      group: [
        "**/core/**",
        "!@guestkit/core/**",
        ...others.flatMap((other) => [`../**/${other}/**`, `@guestkit/${other}`, `@guestkit/${other}/**`]),
      ],
      message: `${face} imports the core's public index only, and no other face.`,
    },
  ];
}

/** The `overrides` of biome.json that hold the rule. */
export function layerOverrides(): object[] {
  return [
    ...Object.keys(LAYERS).map((layer) => override(`core/${layer}/**`, layerPatterns(layer))),
    ...siblingOverrides(),
    ...FACES.map((face) => override(`${face}/**`, facePatterns(face))),
  ];
}
