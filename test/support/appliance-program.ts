import { join } from "node:path";
import { withAppliance } from "../../core/appliance/appliance.ts";
import { reportError } from "../../core/kit/errors.ts";

/** Run by tests as an ordinary user, in a folder of its own: a script in an appliance that the argument describes. */
interface Wanted {
  readonly folder: string;
  readonly script: string;
  readonly network: boolean;
}

const { folder, script, network }: Wanted = JSON.parse(process.argv[2] ?? "");
const print = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
const context = {
  settings: {
    ...{ dataDir: join(folder, "data"), cacheDir: join(folder, "cache"), runtimeDir: join(folder, "run") },
    mirror: null,
  },
  signal: new AbortController().signal,
  progress: print,
};
try {
  const { files: _, ...report } = await withAppliance({ network }, context, ({ run }) =>
    run({ disks: {}, script }, context),
  );
  print({ report });
} catch (error) {
  print({ error: reportError(error) });
  process.exitCode = 1;
}
