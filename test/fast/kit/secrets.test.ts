import { expect, it } from "vitest";
import { hideSecrets, withoutSecrets } from "../../../core/kit/secrets.ts";

const KEY = `-----BEGIN KEY-----\n${"a/b+c".repeat(20)}\n-----END KEY-----`;

it("takes secrets out of messages, however they are spelled there", () => {
  expect(withoutSecrets("hunter22")).toBe("hunter22");
  hideSecrets(["hunter22", 'a "quoted" one', "x1", KEY, "[.*]+", "", " "]);
  hideSecrets(["hunter22-and-more"]);
  expect(withoutSecrets("is hunter22.")).toBe("is (secret).");
  expect(withoutSecrets("is hunter22-and-more.")).toBe("is (secret).");
  expect(withoutSecrets(JSON.stringify({ a: 'a "quoted" one' }))).toBe('{"a":"(secret)"}');
  expect(withoutSecrets("[.*]+ and [abc]")).toBe("(secret) and [abc]");
  expect(withoutSecrets(`Cannot use ${KEY.split("\n")[1]?.slice(0, 80)}...\nnext`)).toBe("Cannot use (secret)\nnext");
});

it("takes short ones out where they stand alone", () => {
  expect(withoutSecrets('not "x1", x1: ax1, x12, v.x1')).toBe('not "(secret)", (secret): ax1, x12, v.x1');
});
