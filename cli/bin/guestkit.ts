#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Before anything else is loaded: compiled code is kept from the first run on.
enableCompileCache();
const { main } = await import("../main.ts");
process.exitCode = await main(process.argv.slice(2));
