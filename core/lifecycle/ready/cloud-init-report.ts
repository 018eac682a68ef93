import { parseJson } from "../../kit/depth.ts";
import { cleanConsole } from "../../qemu/log/console-text.ts";
import { RUNCMD_FAILURE } from "../../seed/index.ts";

/** What cloud-init has left in /run/cloud-init, and what it printed. */
export interface CloudInitReport {
  readonly state: "missing" | "disabled" | "running" | "done";
  /** The stage that runs: `modules-final`. */
  readonly stage: string | null;
  /** `DataSourceNoCloud [seed=/dev/sr0]` */
  readonly datasource: string | null;
  readonly errors: readonly string[];
  /** What it calls recoverable, by level. */
  readonly warnings: readonly string[];
  /** What it says of documents and lists that it passed over in this boot: for that it is done all the same. */
  readonly dropped: readonly string[];
  /** Commands of runcmd that failed, as the medium's own script names them. */
  readonly commands: readonly string[];
  /** The end of /var/log/cloud-init-output.log. */
  readonly output: readonly string[];
}

const MARK = "@@guestkit";
/** Lines of its output. */
const TAIL = 25;
/** How long one question waits in the guest for the end (s): logging in costs more than waiting there. */
const LINGER = 20;

/** Of lines that tell what was dropped: of the last boot alone, since its log goes on. */
const DROPPED = `for f in /var/log/cloud-init.log /var/log/cloud-init-output.log; do s=; [ -r $f ] || s="sudo -n"
$s awk '/Cloud-init v.*running .init-local/ { t = "" }
/WARNING\\].*(Failed loading yaml blob|Failed at merging in cloud config part|Failed to shellify|Unhandled non-multipart)/ { t = t $0 "\\n" }
END { printf "%s", t }' $f 2>/dev/null | tail -n 5
done`;

/**
 * A script that tells only what was dropped. It waits for the stage that reads documents, which ends before one can log
 * in, but not before the agent answers.
 */
export const DROPPED_SCRIPT = `r=/run/cloud-init; n=0
while [ ! -e $r/result.json ] && [ ! -e $r/disabled ] && command -v cloud-init >/dev/null && [ $n -lt ${LINGER} ]; do
awk '/"init": *{/ { i = 1 } i && /"finished"/ { if ($0 !~ /null/) f = 1; i = 0 } END { exit !f }' $r/status.json 2>/dev/null && break
sleep 1; n=$((n+1)); done
echo "${MARK} dropped"; ${DROPPED}
echo "${MARK} end"`;

/** The lines of its answer without their times; those that both logs have once. */
export function parseDropped(text: string): readonly string[] {
  const body = text.split(`${MARK} dropped`, 2)[1]?.split(`${MARK} `, 1)[0] ?? "";
  return [...new Set(linesOf(body).map((line) => line.replace(/^.*?WARNING\]:\s*/, "")))];
}

/**
 * A script that tells where cloud-init is. result.json is written when the last stage has ended, in a file system that
 * every boot begins anew; without `enabled` and with `disabled` there, it was told not to run.
 */
export const CLOUD_INIT_SCRIPT = `r=/run/cloud-init; n=0
while [ ! -e $r/result.json ] && [ ! -e $r/disabled ] && command -v cloud-init >/dev/null && [ $n -lt ${LINGER} ]; do sleep 1; n=$((n+1)); done
for f in result status; do echo "${MARK} $f"; cat $r/$f.json 2>/dev/null; echo; done
[ -e $r/disabled ] && echo "${MARK} disabled"
command -v cloud-init >/dev/null || [ -e $r ] || echo "${MARK} missing"
if [ -e $r/result.json ]; then
l=/var/log/cloud-init-output.log
s=; [ -r $l ] || s="sudo -n"
echo "${MARK} commands"; $s grep -a "${RUNCMD_FAILURE}.* failed with" $l 2>/dev/null | tail -n 3
echo "${MARK} dropped"; ${DROPPED}
s=; [ -r $l ] || s="sudo -n"
echo "${MARK} output"; $s tail -n ${TAIL} $l 2>/dev/null
fi
echo "${MARK} end"`;

/** Null where the answer is cut short. */
export function parseCloudInit(text: string): CloudInitReport | null {
  const sections = new Map(text.split(`${MARK} `).map((part) => [part.split("\n", 1)[0]?.trim(), part] as const));
  if (!sections.has("end")) return null;
  const body = (name: string) => sections.get(name)?.split("\n").slice(1).join("\n") ?? "";
  const result = versionOne(body("result"));
  const status = versionOne(body("status"));
  const datasource = result?.datasource ?? status?.datasource;
  return {
    state: stateOf(sections, result),
    stage: typeof status?.stage === "string" ? status.stage : null,
    datasource: typeof datasource === "string" ? datasource : null,
    errors: [...new Set([...listOf(result?.errors), ...stages(status).flatMap((stage) => listOf(stage.errors))])],
    warnings: stages({ ...status, result }).flatMap((stage) => recoverable(stage.recoverable_errors)),
    dropped: parseDropped(text),
    commands: linesOf(body("commands")).map((line) =>
      line.slice(line.indexOf(RUNCMD_FAILURE)).replace("guestkit: ", ""),
    ),
    output: linesOf(body("output")),
  };
}

const linesOf = (text: string): string[] =>
  cleanConsole(text)
    .split("\n")
    .filter((line) => line.trim() !== "");

type Fields = Readonly<Record<string, unknown>>;

function stateOf(sections: ReadonlyMap<string | undefined, string>, result: Fields | null): CloudInitReport["state"] {
  if (result) return "done";
  if (sections.has("missing")) return "missing";
  return sections.has("disabled") ? "disabled" : "running";
}

/** `{"v1": {...}}`; a file that is being written is none yet. */
function versionOne(text: string): Fields | null {
  try {
    const { v1 } = parseJson(text) as { v1?: unknown };
    return isFields(v1) ? v1 : null;
  } catch {
    return null;
  }
}

const stages = (status: Fields | null): Fields[] => Object.values(status ?? {}).filter(isFields);
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map((each) => (typeof each === "string" ? each : JSON.stringify(each))) : [];

/** `{"WARNING": ["..."]}` */
function recoverable(value: unknown): string[] {
  return isFields(value)
    ? Object.entries(value).flatMap(([level, texts]) => listOf(texts).map((each) => `${level}: ${each}`))
    : [];
}
