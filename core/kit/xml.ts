import { MOST_LEVELS, tooDeep } from "./depth.ts";
import { GuestkitError } from "./errors.ts";

/** An element of an XML document. */
export interface XmlElement {
  readonly name: string;
  /** What stands behind its name: see `attributeOf`. */
  readonly attributes: string;
  /** Its own text, without that of the elements in it. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface Open {
  readonly name: string;
  readonly attributes: string;
  text: string;
  readonly children: XmlElement[];
}

/** Tags, comments and the like in a document: each takes a hundred times the memory of what it may be written with. */
const MOST_MARKS = 200_000;

/**
 * The root element of a document as tools write them: elements, text, comments, CDATA, the five entities of XML itself.
 * Document types, and with them entities of one's own, are refused. Throws `E_XML_SYNTAX`, `E_DEPTH`.
 */
export function parseXml(text: string): XmlElement {
  const document: Open = { name: "", attributes: "", text: "", children: [] };
  const open: [Open, ...Open[]] = [document];
  for (let at = 0, marks = 0; at < text.length; marks++) {
    if (marks > MOST_MARKS) throw refuse(`it has more than ${MOST_MARKS} tags`);
    const start = text.indexOf("<", at);
    const end = start < 0 ? text.length : start;
    (open.at(-1) as Open).text += withoutEntities(text.slice(at, end));
    at = start < 0 ? text.length : markup(text, start, open);
    if (open.length > MOST_LEVELS) throw tooDeep("the XML");
  }
  const [root] = document.children;
  if (open.length > 1) throw refuse(`"${open.at(-1)?.name}" is not closed`);
  if (!root || document.children.length > 1) throw refuse("it has not one root element");
  return root;
}

/** The first element of a name in another; undefined where there is none. */
export const childOf = ({ children }: XmlElement, name: string): XmlElement | undefined =>
  children.find((each) => each.name === name);

/** Its text without blanks around; empty where there is no such element. */
export const textOf = (element: XmlElement, name: string): string => childOf(element, name)?.text.trim() ?? "";

/** A name without what says whose it is. */
export const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

const ATTRIBUTE = /\s*([^\s=]{1,200})\s*=\s*(?:"([^"]*)"|'([^']*)')/y;

/** The value of an attribute by its local name; null where there is none. */
export function attributeOf({ attributes }: XmlElement, local: string): string | null {
  ATTRIBUTE.lastIndex = 0;
  for (let found = ATTRIBUTE.exec(attributes); found; found = ATTRIBUTE.exec(attributes)) {
    const [, name = "", double, single = ""] = found;
    if (localName(name) === local) return withoutEntities(double ?? single);
  }
  return null;
}

const SKIPPED: readonly (readonly [start: string, end: string])[] = [
  ["<!--", "-->"],
  ["<?", "?>"],
];
const CDATA = "<![CDATA[";

/** Takes what stands in angle brackets at `at`; the offset behind it. */
function markup(text: string, at: number, open: [Open, ...Open[]]): number {
  const skipped = SKIPPED.find(([start]) => text.startsWith(start, at));
  if (skipped) return behind(text, skipped[1], at + skipped[0].length);
  if (text.startsWith(CDATA, at)) {
    const end = behind(text, "]]>", at);
    (open.at(-1) as Open).text += text.slice(at + CDATA.length, end - 3);
    return end;
  }
  if (text.startsWith("<!", at)) throw refuse("it has a document type, which is not read");
  const end = tagEnd(text, at);
  if (text.startsWith("</", at)) close(text.slice(at + 2, end - 1).trim(), open);
  else begin(text.slice(at + 1, end - 1), open);
  return end;
}

function behind(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  if (at < 0) throw refuse(`"${what}" is missing`);
  return at + what.length;
}

/** A bracket within quotes ends nothing. */
function tagEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at] as string;
    if (char === ">") return at + 1;
    if (char === '"' || char === "'") at = behind(text, char, at + 1) - 1;
  }
  throw refuse('">" is missing');
}

function begin(tag: string, open: [Open, ...Open[]]): void {
  const name = /^[^\s/>]{1,200}/.exec(tag)?.[0];
  if (name === undefined) throw refuse("an element has no name");
  const attributes = tag.slice(name.length);
  const element: Open = { name, attributes, text: "", children: [] };
  open.at(-1)?.children.push(element);
  if (!tag.endsWith("/")) open.push(element);
}

function close(name: string, open: [Open, ...Open[]]): void {
  if (open.length > 1 && open.at(-1)?.name === name) open.pop();
  else throw refuse(`"${name.slice(0, 80)}" is closed, and was not opened last`);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Text with the five entities of XML itself and those by number as what they stand for. */
export function withoutEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}

const refuse = (why: string): GuestkitError =>
  new GuestkitError("E_XML_SYNTAX", `Cannot read the XML: ${why}`, {
    help: "It was damaged, or is no hypervisor's own: export or fetch the image anew.",
  });
