/** Reads the part of the .proto language (proto3) that the files of the faces use. */

export interface ProtoField {
  readonly name: string;
  readonly number: number;
  /** A scalar's name, or a message's or enum's full name. */
  readonly type: string;
  readonly label: "single" | "repeated" | "map";
}

export interface ProtoFile {
  /** Full name (`tfplugin6.Schema.Block`) -> fields in the file's order. */
  readonly messages: ReadonlyMap<string, readonly ProtoField[]>;
  /** Full name -> names and numbers. */
  readonly enums: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Full name -> its calls. */
  readonly services: ReadonlyMap<string, readonly ProtoCall[]>;
}

export interface ProtoCall {
  readonly name: string;
  readonly request: string;
  readonly response: string;
  /** Who sends any number of messages instead of one. */
  readonly streams: "none" | "server" | "both";
}

const SCALARS = new Set(["string", "bytes", "bool", "int64", "uint32", "double"]);

/** Throws a TypeError naming the first thing that is not understood. */
export function parseProto(text: string): ProtoFile {
  const parser = new Parser(tokenize(text));
  parser.file();
  return resolve(parser);
}

function tokenize(text: string): string[] {
  const bare = text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, " ");
  return bare.match(/"[^"]*"|[\w.]+|[^\s\w]/g) ?? [];
}

class Parser {
  readonly messages = new Map<string, ProtoField[]>();
  readonly enums = new Map<string, Record<string, number>>();
  readonly services = new Map<string, ProtoCall[]>();
  readonly #tokens: readonly string[];
  #at = 0;
  #package = "";

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  file(): void {
    while (this.#at < this.#tokens.length) {
      const word = this.#next();
      if (word === "syntax") this.#expect("=", '"proto3"', ";");
      else if (word === "package") {
        this.#package = this.#next();
        this.#expect(";");
      } else this.#definition(word, this.#package);
    }
  }

  #definition(word: string, scope: string): void {
    const name = `${scope}.${this.#next()}`;
    this.#expect("{");
    if (word === "message") this.#message(name);
    else if (word === "enum") this.#enum(name);
    else if (word === "service") this.#service(name);
    else throw new TypeError(`.proto: "${word}" is not understood`);
  }

  #message(name: string): void {
    const fields: ProtoField[] = [];
    this.messages.set(name, fields);
    for (let word = this.#next(); word !== "}"; word = this.#next()) {
      if (word === "message" || word === "enum") this.#definition(word, name);
      else if (word === "oneof") this.#oneof(fields);
      else fields.push(this.#field(word));
    }
  }

  #oneof(fields: ProtoField[]): void {
    this.#next();
    this.#expect("{");
    for (let word = this.#next(); word !== "}"; word = this.#next()) fields.push(this.#field(word));
  }

  #field(word: string): ProtoField {
    if (word === "map") {
      this.#expect("<", "string", ",");
      const type = this.#next();
      this.#expect(">");
      return this.#named(type, "map");
    }
    // Whether one is there is told of every field.
    if (word === "optional") return this.#named(this.#next(), "single");
    return word === "repeated" ? this.#named(this.#next(), "repeated") : this.#named(word, "single");
  }

  #named(type: string, label: ProtoField["label"]): ProtoField {
    const name = this.#next();
    return { name, number: this.#number(), type, label };
  }

  #number(): number {
    this.#expect("=");
    const number = Number(this.#next());
    this.#expect(";");
    if (!Number.isInteger(number)) throw new TypeError(".proto: a field number is missing");
    return number;
  }

  #enum(name: string): void {
    const values: Record<string, number> = {};
    this.enums.set(name, values);
    for (let word = this.#next(); word !== "}"; word = this.#next()) values[word] = this.#number();
  }

  #service(name: string): void {
    const calls: ProtoCall[] = [];
    this.services.set(name, calls);
    for (let word = this.#next(); word !== "}"; word = this.#next()) {
      if (word !== "rpc") throw new TypeError(`.proto: "${word}" in a service is not understood`);
      calls.push(this.#call());
    }
  }

  #call(): ProtoCall {
    const name = this.#next();
    const request = this.#messageName();
    this.#expect("returns");
    const response = this.#messageName();
    this.#expect(";");
    const streams = request.streams ? "both" : response.streams ? "server" : "none";
    return { name, request: request.name, response: response.name, streams };
  }

  #messageName(): { name: string; streams: boolean } {
    this.#expect("(");
    const first = this.#next();
    const name = first === "stream" ? this.#next() : first;
    this.#expect(")");
    return { name, streams: first === "stream" };
  }

  #next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new TypeError(".proto: the file ends early");
    return token;
  }

  #expect(...wanted: string[]): void {
    for (const each of wanted) {
      const token = this.#next();
      if (token !== each) throw new TypeError(`.proto: "${token}" stands where "${each}" should`);
    }
  }
}

/** Replaces every type name by the full one, searched from the innermost scope outwards. */
function resolve({ messages, enums, services }: Parser): ProtoFile {
  const known = new Set([...messages.keys(), ...enums.keys()]);
  const full = (name: string, scope: string): string => {
    if (SCALARS.has(name)) return name;
    for (let at = scope; at !== ""; at = at.slice(0, Math.max(at.lastIndexOf("."), 0))) {
      if (known.has(`${at}.${name}`)) return `${at}.${name}`;
    }
    throw new TypeError(`.proto: the type ${name} in ${scope} is unknown`);
  };
  const inScope = <T, U>(map: ReadonlyMap<string, readonly T[]>, fix: (item: T, scope: string) => U) =>
    new Map([...map].map(([scope, items]) => [scope, items.map((item) => fix(item, scope))] as const));
  return {
    enums,
    messages: inScope(messages, (field, scope) => ({ ...field, type: full(field.type, scope) })),
    services: inScope(services, (call, scope) => ({
      ...call,
      request: full(call.request, scope),
      response: full(call.response, scope),
    })),
  };
}
