/** What a file of rules says in short. */
export interface Rules {
  /** Rules in all chains. */
  readonly rules: number;
  /** What becomes of what no rule of input names: `accept`, `drop`; null where nothing looks at what comes in. */
  readonly input: string | null;
}

/** As iptables-save(8) writes them; the table `filter` decides. */
export function parseIptables(text: string): Rules {
  let [table, rules, input]: [string, number, string | null] = ["", 0, null];
  for (const line of text.split("\n")) {
    if (line.startsWith("*")) table = line.slice(1).trim();
    else if (/^(?:\[\d+:\d+\] )?-[AI] /.test(line)) rules++;
    else if (table === "filter") input = /^:INPUT (\S+)/.exec(line)?.[1]?.toLowerCase() ?? input;
  }
  return { rules, input };
}

/** Blocks of a file of nft(8); any other brace belongs to the statement that it stands in: `tcp dport { 22, 80 }`. */
const BLOCK =
  /^(?:(?:(?:add|create) )?(table|chain)|(?:add|create) (\w+)|(set|map|flowtable|counter|quota|limit|secmark|synproxy|ct (?:helper|timeout|expectation))(?= \S+$)) /;
/** Words before the brace of a block at most: `add chain inet filter input`. */
const HEAD = 6;
const ADDED = /^(?:add|insert) rule /;
/** What stands in a chain and is no rule. */
const SETTING = /^(?:type|policy|comment|device|devices|flags|include|define|undefine|redefine)\b/;
const FILTERS_INPUT = /^type filter hook input /;
const POLICY = /^policy (accept|drop)$/;

/** As nft(8) reads them; files that one includes are not followed. Of several chains of input the strictest counts. */
export function parseNftables(text: string): Rules {
  let [rules, input, isInput]: [number, string | null, boolean] = [0, null, false];
  const open: string[] = [];
  for (const { words, mark } of statementsOf(text)) {
    const block = mark === "{" ? BLOCK.exec(words)?.slice(1).find(Boolean) : undefined;
    const inChain = open.at(-1) === "chain";
    if (FILTERS_INPUT.test(words)) [isInput, input] = [true, input ?? "accept"];
    else if (isInput && inChain) input = input === "drop" ? input : (POLICY.exec(words)?.[1] ?? input);
    if (ADDED.test(words) || (inChain && block === undefined && words !== "" && !SETTING.test(words))) rules++;
    if (mark === "{") open.push(block ?? "");
    if (mark !== "}") continue;
    open.pop();
    isInput = false;
  }
  return { rules, input };
}

interface Statement {
  readonly words: string;
  /** What ends it: a block that begins or ends, or a semicolon or line. */
  readonly mark: "{" | "}" | ";";
}

/** Statements with the braces of blocks; comments go, and so does what stands in quotes and in braces of statements. */
function* statementsOf(text: string): Generator<Statement> {
  const plain = text.replace(/"[^"\n]*"|#[^\n]*|\\\n/g, (part) => (part.startsWith('"') ? '""' : " "));
  let [words, inner]: [string[], number] = [[], 0];
  for (const [piece] of plain.matchAll(/[{};\n]|[^\s{};]+/g)) {
    const isBlock = piece === "{" && words.length <= HEAD && BLOCK.test(words.join(" "));
    if (inner > 0 || (piece === "{" && !isBlock)) inner += Number(piece === "{") - Number(piece === "}");
    else if (piece === "{" || piece === "}" || piece === ";" || piece === "\n") {
      yield { words: words.join(" "), mark: piece === "\n" ? ";" : piece };
      words = [];
    } else words.push(piece);
  }
}
