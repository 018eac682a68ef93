import { expect, test } from "vitest";
import { childOf, parseXml, textOf } from "../../../core/kit/xml.ts";
import { fc } from "../../support/property.ts";

test("elements, text, comments, CDATA, entities, quotes", () => {
  const root = parseXml(
    `<?xml version="1.0"?><!-- <x> --><a b="1 > 0" c='"'>\n<b>&lt;&#65;&#x42;&amp;amp; &unknown;</b><c/><d><![CDATA[<e>]]></d ></a>\n`,
  );
  expect(root.name).toBe("a");
  expect(root.children.map(({ name }) => name)).toEqual(["b", "c", "d"]);
  expect(["b", "c", "d", "e"].map((name) => textOf(root, name))).toEqual(["<AB&amp; &unknown;", "", "<e>", ""]);
  expect(childOf(root, "e")).toBeUndefined();
});

test.each([
  ["", "root"],
  ["text", "root"],
  ["<a></a><b/>", "root"],
  ["<a>", "not closed"],
  ["</a>", "not opened last"],
  ["<a></b>", "not opened last"],
  ["<a", "is missing"],
  ['<a b="', "is missing"],
  ["<a><!-- </a>", "is missing"],
  ["<a><![CDATA[</a>", "is missing"],
  ["< a></a>", "no name"],
  ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "document type"],
])("%s is refused", (text, why) => {
  expect(() => parseXml(text)).toThrow(
    expect.objectContaining({ code: "E_XML_SYNTAX", message: expect.stringContaining(why) }),
  );
});

test("what is more than any tool writes is refused before it fills the memory", () => {
  const refusal = expect.objectContaining({ code: "E_XML_SYNTAX", message: expect.stringContaining("200000") });
  for (const mark of ["<b/>", "<!---->", "<b></b>"]) {
    expect(() => parseXml(`<a>${mark.repeat(200_001)}</a>`)).toThrow(refusal);
  }
  expect(parseXml(`<a>${"<b/>".repeat(100_000)}</a>`).children).toHaveLength(100_000);
});

test("what is nested without end is refused", () => {
  expect(() => parseXml("<a>".repeat(100_000))).toThrow(expect.objectContaining({ code: "E_DEPTH" }));
});

test("any text ends in a document or in a refusal", () => {
  const pieces = fc.array(
    fc.constantFrom("<", ">", "</", "/>", "a", "&#9999999;", '"', "'", "<!--", "-->", "<![CDATA[", "]]>", "<?", "<!"),
  );
  fc.assert(
    fc.property(pieces, (all) => {
      try {
        parseXml(all.join(""));
      } catch (error) {
        expect(error).toMatchObject({ code: "E_XML_SYNTAX" });
      }
    }),
  );
});
