import type { KnipConfig } from "knip";

const config: KnipConfig = {
  workspaces: {
    ".": {
      entry: [
        "scripts/*.ts",
        "scripts/executable.d/{program,start,compile}.ts",
        "scripts/bench.d/{main,dpkg-program,luks-program,whole-disk-program}.ts",
        "test/**/*.test.ts",
        "test/support/**/*.ts",
      ],
      project: ["scripts/**/*.ts", "test/**/*.ts"],
    },
    // The clients of machines are whole, for whoever comes next.
    core: {
      entry: [
        "*/index.ts",
        "!{seed,communicator,preflight,disposable}/index.ts",
        "qemu/{qmp,agent,accelerator}/index.ts",
      ],
      project: ["**/*.ts"],
    },
    cli: { entry: ["bin/*.ts", "install.ts"], project: ["**/*.ts"] },
    provider: { entry: ["main.ts", "install.ts"], project: ["**/*.ts", "!generated/**"] },
    pulumi: { entry: ["index.ts", "provider.ts", "native/main.ts"], project: ["**/*.ts", "!generated/protocol.ts"] },
  },
  ignoreBinaries: [".*"],
  ignoreExportsUsedInFile: true,
};

export default config;
