/**
 * The dependency rule: which layer of the core may import which. `npm run generate` writes it into biome.json,
 * whose linter enforces it.
 */
const READ_PATH = ["kit", "source", "format", "volume", "filesystem", "guest"];

export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  kit: [],
  source: ["kit"],
  format: ["kit", "source"],
  volume: ["kit", "source"],
  filesystem: ["kit", "source"],
  guest: ["kit", "filesystem"],
  redo: ["kit", "source", "format", "model", "host", "engine"],
  inspect: [...READ_PATH, "redo", "host"],
  archive: ["kit", "source", "filesystem"],
  model: ["kit", "generated"],
  kvmxfile: ["kit", "model"],
  host: ["kit", "source"],
  engine: ["kit", "model", "host"],
  project: ["kit", "model", "host", "engine"],
  copy: [...READ_PATH, "archive", "host"],
  qemu: ["kit", "source", "host"],
  build: [...READ_PATH, "redo", "inspect", "model", "host", "qemu"],
  machine: [...READ_PATH, "archive", "redo", "inspect", "model", "host", "engine", "qemu", "build"],
  ci: ["kit", "model", "host", "engine", "qemu", "build", "machine", "project"],
  resource: [
    ...READ_PATH,
    "redo",
    "inspect",
    "archive",
    "copy",
    "model",
    "host",
    "engine",
    "qemu",
    "build",
    "machine",
    "project",
    "ci",
  ],
};

/** Layers that run in a browser as well: nothing of Node, no package. */
export const PURE = ["kit", "format", "volume", "filesystem", "guest", "archive", "inspect"];
/** Only these start other programs. */
export const SPAWNING = ["host", "qemu"];
/** Two kinds of one layer never know one another. */
const SIBLINGS: Readonly<Record<string, readonly string[]>> = {
  format: ["raw", "qcow2"],
  volume: ["gpt", "mbr"],
  filesystem: ["ext4", "fat", "iso9660"],
};
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
  return Object.entries(SIBLINGS).flatMap(([layer, kinds]) =>
    kinds.map((kind) => {
      const others = kinds.filter((other) => other !== kind);
      const sibling = {
        group: others.map((other) => `../${other}/**`),
        message: `Kinds of ${layer} never import one another.`,
      };
      return override(`core/${layer}/${kind}/**`, [...layerPatterns(layer), sibling]);
    }),
  );
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
