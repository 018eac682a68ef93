// Runs a command and ends it at the first line that it prints: what is measured is the way there.
import { spawn } from "node:child_process";

const [file, ...args] = process.argv.slice(2);
const child = spawn(file, args, { stdio: ["ignore", "pipe", "ignore"] });
child.stdout.once("data", () => child.kill("SIGKILL"));
child.once("exit", () => process.exit(0));
