#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { compileCache } from "../compile-cache.ts";

// Before anything else is loaded: compiled code is kept from the first run on.
const folder = compileCache();
if (folder !== null) enableCompileCache(folder);
const { main } = await import("../main.ts");
process.exitCode = await main(process.argv.slice(2));
