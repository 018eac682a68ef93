import { parseDeb822, parseOneLine } from "../../../core/build/bootstrap/sources.ts";
import { digestsFor, parseChecksums } from "../../../core/build/checksums.ts";
import { decodeArmour } from "../../../core/build/signature.ts";
import { LEFTOVERS } from "../../../core/check/kinds/leftover-places.ts";
import { matchesLine } from "../../../core/check/pattern.ts";
import { compilePattern } from "../../../core/check/pattern-program.ts";
import { parseRange } from "../../../core/check/version-range.ts";
import { readRepository } from "../../../core/ci/git/repository.ts";
import { readGpgStatus } from "../../../core/ci/verify/gpg.ts";
import { readCommit, readTag } from "../../../core/ci/verify/signed-object.ts";
import { parseClientLog } from "../../../core/communicator/ssh/client-log.ts";
import { parseKeys } from "../../../core/communicator/ssh/pins.ts";
import { parseReference } from "../../../core/format/reference.ts";
import { decodeFields } from "../../../core/grpc/protobuf-decode.ts";
import type { Table } from "../../../core/grpc/protobuf-layout.ts";
import { parameters } from "../../../core/guest/command-line.ts";
import { lastLines, TailBuffer } from "../../../core/host/program/tail-buffer.ts";
import { holdsLogin, shownAddress, withoutSignature } from "../../../core/kit/address.ts";
import { parseJson } from "../../../core/kit/depth.ts";
import { fits } from "../../../core/kit/glob.ts";
import { LineCutter } from "../../../core/kit/lines.ts";
import { decodeName, printable, printableLines } from "../../../core/kit/name.ts";
import { parseSize } from "../../../core/kit/size.ts";
import { withoutTail } from "../../../core/kit/trim.ts";
import { readScript } from "../../../core/kvmxfile/shell/script.ts";
import { BootProgress } from "../../../core/lifecycle/ready/boot-progress.ts";
import { parseCloudInit, parseDropped } from "../../../core/lifecycle/ready/cloud-init-report.ts";
import { readProject } from "../../../core/project/project.ts";
import { readAddress } from "../../../core/project/reference.ts";
import { parseState } from "../../../core/project/state-document.ts";
import { evaluate, references, substituteText } from "../../../core/project/template.ts";
import { parseYaml } from "../../../core/project/yaml.ts";
import { ConsoleLines, cleanConsole } from "../../../core/qemu/log/console-text.ts";
import { JsonStream } from "../../../core/qemu/wire/json-stream.ts";
import { parseMessage } from "../../../core/rpc/protocol.ts";
import { readInstanceId } from "../../../core/seed/instance-id.ts";
import { readGroup } from "../../../core/volume/lvm2/group.ts";
import { parseText } from "../../../core/volume/lvm2/text.ts";
import { encode, fromEach, ofTexts, type Parser, pieced, pieces } from "./shape.ts";

const TABLE: Table = {
  Message: [
    [1, "map", "string", "map"],
    [2, "list", "string", "repeated"],
  ],
};

export const HOST: readonly Parser[] = [
  ofTexts("names for terminals", "a\x1b[0m\n", (text) => [
    printable(text),
    printableLines(text),
    decodeName(encode(text)),
    withoutTail(text, " \n/"),
  ]),
  ofTexts("messages of rpc", ',{"a":[1,"b"]}', (text) =>
    parseMessage(encode(`{"jsonrpc":"2.0","id":1,"method":"plan","params":{"config":[0${text}]}}`)),
  ),
  {
    name: "messages of gRPC",
    make: (size) => {
      const bytes = encode("\n\x06\n\x01a\x12\x01b\x12\x01c".repeat(size / 8));
      return () => decodeFields(TABLE, "Message", bytes);
    },
  },
  ofTexts("patterns of names", "*a?", (text) => fits("*a*b", text)),
  ofTexts("rules: versions", ">= 1,", (text) => parseRange(text)),
  ofTexts("rules: expressions", "a|", (text) => compilePattern(text)),
  ofTexts("rules: lines that are matched", "ab\n", (text) => matchesLine("(?:[a\\s]|b+)*c$", text)),
  ofTexts("rules: what makes a file a leftover", "_auth = a\n", (text) =>
    Object.values(LEFTOVERS).map((places) =>
      places.map(({ holds, unless }) => [holds?.test(text), unless?.test(text)]),
    ),
  ),
  ofTexts("sizes", "1", (text) => parseSize(text)),
  ofTexts("addresses", "https://u:p@h/p?sig=x&a=b ", (text) => [
    shownAddress(text),
    withoutSignature(`https:${text}`),
    holdsLogin(text),
  ]),
  ofTexts("JSON", "[1,2],", (text) => parseJson(text.startsWith("[1,2]") ? `[${text}1]` : JSON.stringify([text]))),
  ofTexts("references", 'a ${disk_image.a["b"].path} ', (text) => [
    readAddress(text),
    [...references(text)],
    evaluate(text, () => "x"),
    substituteText(text, () => "$x"),
  ]),
  {
    name: "things for each key",
    make: (size) => {
      const resources = { disk_image: { a: { for_each: "${var.keys}", path: "${each.key}", size: "${var.size}" } } };
      const variables = {
        keys: { default: fromEach(size, (at) => `k${at}`) },
        size: { sensitive: true, default: "1M" },
      };
      const value = { version: 1, variables, resources, outputs: { first: '${disk_image.a["k0"].size}' } };
      return () => readProject({ file: "guestkit.yaml", value, position: () => undefined });
    },
  },
  ofTexts("project files", "a: [b, c]\n", (text) => readProject(parseYaml("guestkit.yaml", text))),
  ofTexts("lists of what a project owns", '{"address":"a.b","id":"/c"},', (text) =>
    parseState("x", `{"resources":[${text.slice(0, text.lastIndexOf("{"))}{"address":"a.b","id":"/c"}]}`),
  ),
  ofTexts("kvmxfiles", "NAME=value\n", (text) => readScript(text, () => ({ kind: "unknown", why: "" }))),
  ofTexts("console text", "[    0.1] line\r\n", (text) => cleanConsole(text)),
  ofTexts("boot progress", "systemd[1]: Set hostname to <a>.\n", (text) => {
    const progress = new BootProgress();
    for (const line of text.split("\n")) progress.push(line);
  }),
  ofTexts("instance ids", "instance-id: a # b\n", (text) => readInstanceId(text)),
  ofTexts("cloud-init's report", "status: done\n", (text) =>
    parseCloudInit(`@@guestkit output\n${text}@@guestkit end\n`),
  ),
  ofTexts("cloud-init's dropped parts", "at WARNING]: Failed\n", (text) => parseDropped(`@@guestkit dropped\n${text}`)),
  ofTexts("the SSH client's log", "debug1: rtype exit-status\n", (text) => parseClientLog(text)),
  ofTexts("host keys of a guest", "ssh-ed25519 AAAA x\n", (text) => parseKeys(text)),
  ofTexts("command lines", "console=ttyS0 ", (text) => parameters(text, "console")),
  ofTexts("apt's sources", "deb [signed-by=/k] http://h/d s main\n", (text) => [parseOneLine(text), parseDeb822(text)]),
  ofTexts("checksums", `${"a".repeat(64)}  a\nSHA256 (a) = b\n`, (text) =>
    digestsFor("a", "sha256", parseChecksums(text)),
  ),
  ofTexts("armour", "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n", (text) => decodeArmour(Buffer.from(text, "latin1"))),
  ofTexts("armour that never ends", "-----BEGIN PGP SIGNATURE-----\n", (text) =>
    decodeArmour(Buffer.from(text, "latin1")),
  ),
  ofTexts("repositories", "https://h/p", (text) => readRepository(text, "/")),
  ofTexts("LVM2's texts", 'a { b = [ "c", 1 ] }\n', (text) => [parseText(text), readGroup(text)]),
  ofTexts("names of parents", 'json:{"file":1}', (text) => parseReference(text, null, "image")),
  ofTexts("gpg's words", "[GNUPG:] GOODSIG A b\n", (text) => readGpgStatus(text, { fingerprints: [] } as never)),
  ofTexts("git's objects", "gpgsig a\n b\n", (text) => [readCommit(`${text}\n\nx`), readTag(`${text}\n\nx`)]),
  {
    name: "lines in pieces",
    make: (size) =>
      pieced(size, "x", (bytes, length) => {
        const cutter = new LineCutter(() => {}, { most: 64 << 20, progress: true });
        pieces(bytes, (piece) => cutter.push(piece), length);
        cutter.end();
      }),
  },
  {
    name: "JSON lines in pieces",
    make: (size) =>
      pieced(size, '{"a":"b"}', (bytes, length) => {
        const stream = new JsonStream(() => 64 << 20);
        pieces(bytes, (piece) => stream.push(piece), length);
      }),
  },
  {
    name: "the console in pieces",
    make: (size) =>
      pieced(size, "[    0.1] a line\r\n", (bytes, length) => {
        const lines = new ConsoleLines();
        pieces(bytes, (piece) => lines.push(piece), length);
      }),
  },
  {
    name: "the end of a stream",
    make: (size) =>
      pieced(size, "line\n", (bytes, length) => {
        const tail = new TailBuffer(64 << 10);
        pieces(bytes, (piece) => tail.push(piece), length);
        lastLines(tail.text(), 20);
      }),
  },
];
