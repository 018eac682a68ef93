import { describe, expect, it } from "vitest";
import { readGpgStatus } from "../../../core/ci/verify/gpg.ts";
import { readCommit, readTag } from "../../../core/ci/verify/signed-object.ts";

const SIGNATURE = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n";
const HEADER = `gpgsig ${SIGNATURE.trimEnd().replaceAll("\n", "\n ")}\n`;
const HEAD = "tree 1\nparent 2\nauthor A\ncommitter B\n";

describe("a signed commit", () => {
  it("is its signature, and all the rest", () => {
    const found = readCommit(`${HEAD}${HEADER}encoding x\n\nmessage\n`);
    expect(found).toMatchObject({ signature: SIGNATURE, payload: `${HEAD}encoding x\n\nmessage\n` });
    expect(found?.headers.get("parent")).toEqual(["2"]);
  });

  it("is not signed by what its message says", () => {
    expect(readCommit(`${HEAD}\n${HEADER}`)).toMatchObject({ signature: null });
  });

  it("has one signature, and none of another kind of repository", () => {
    expect(readCommit(`${HEAD}${HEADER}${HEADER}\nmessage\n`)).toBeNull();
    expect(readCommit(`${HEAD}${HEADER.replace("gpgsig", "gpgsig-sha256")}\nmessage\n`)).toBeNull();
  });
});

it("a tag is signed at its end, by the last of what looks like a signature", () => {
  const head = "object 1\ntype commit\ntag v1\ntagger A\n\nmessage\n";
  expect(readTag(head)).toMatchObject({ signature: null, payload: head });
  const quoted = `${head}${SIGNATURE}`;
  expect(readTag(`${quoted}${SIGNATURE}`)).toMatchObject({ signature: SIGNATURE, payload: quoted });
  expect(readTag(quoted).headers.get("tag")).toEqual(["v1"]);
});

describe("what gpg says", () => {
  const FPR = "A".repeat(40);
  const SUB = "B".repeat(40);
  const good = `[GNUPG:] GOODSIG 1234 Ada <ada@example.org>\n[GNUPG:] VALIDSIG ${SUB} 2026-01-01 1 0 4 0 22 10 00 ${FPR}\n`;
  const signers = { allowed_signers: null, revoked_keys: null, keyring: "k", fingerprints: [] as string[] };

  it("counts by the key or its subkey", () => {
    expect(readGpgStatus(good, signers)).toEqual({ kind: "gpg", name: "Ada <ada@example.org>", key: FPR });
    for (const each of [FPR, SUB]) {
      expect(readGpgStatus(good, { ...signers, fingerprints: [each] })).not.toBeNull();
    }
    expect(readGpgStatus(good, { ...signers, fingerprints: ["C".repeat(40)] })).toBeNull();
  });

  it.each(["BADSIG 1 x", "EXPKEYSIG 1 x", "REVKEYSIG 1 x", "ERRSIG 1", "GOODSIG 2 Eve"])(
    "not with %s beside it",
    (line) => {
      expect(readGpgStatus(`${good}[GNUPG:] ${line}\n`, signers)).toBeNull();
    },
  );
});
