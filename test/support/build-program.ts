/** Applies one disk_image, given as JSON with its settings: a process that the kill tests may end at any point. */
import { contractOf } from "../../core/model/registry.ts";
import type { ValueObject } from "../../core/model/value.ts";
import { createEngine } from "../../core/resource/index.ts";

const { config, settings } = JSON.parse(process.argv[2] ?? "{}") as { config: ValueObject; settings: object };
const contract = contractOf("disk_image");
const engine = createEngine({ settings });
console.log("ready");
const { plan } = await engine.prepare(contract, config);
const [refusal] = plan.diagnostics.filter((each) => each.severity === "error");
if (refusal) throw new Error(refusal.message);
await engine.apply(contract, plan, config);
console.log("done");
