import type { KnipConfig } from "knip";

const config: KnipConfig = {
  workspaces: {
    ".": {
      entry: ["scripts/*.ts", "scripts/bench.d/main.ts", "test/**/*.test.ts", "test/support/**/*.ts"],
      project: ["scripts/**/*.ts", "test/**/*.ts"],
    },
    core: { entry: ["*/index.ts"], project: ["**/*.ts"] },
    cli: { entry: ["bin/*.ts"], project: ["**/*.ts"] },
    provider: { entry: ["main.ts", "install.ts"], project: ["**/*.ts", "!generated/**"] },
    pulumi: { entry: ["index.ts", "provider.ts"], project: ["**/*.ts"] },
  },
  ignoreBinaries: [".*"],
  ignoreExportsUsedInFile: true,
};

export default config;
