/**
 * A contract as plain data: what every face and the engine work on. It is compiled from the zod declarations in
 * `contracts/` at build time (`npm run generate`), so that nothing at run time loads zod.
 */

/** What may happen to a field after create. No policy: an ordinary update. */
export type Policy =
  /** A change replaces the thing. */
  | "immutable"
  /** Used at create alone; kept out of later diffs. */
  | "createOnly"
  /** May become larger in place; smaller is refused at plan. */
  | "growOnly"
  /** Changed while the thing is running. */
  | "live"
  /** Changed by a restart that the plan announces. */
  | "restart"
  /** Never removed together with the thing. */
  | "keep";

export type FieldType =
  | {
      readonly kind: "string";
      readonly length?: LengthRule;
      readonly choices?: readonly string[];
      readonly pattern?: string;
      /** What the pattern takes, in words: it goes on "it must be". */
      readonly wording?: string;
      readonly address?: AddressRule;
      readonly form?: TextForm;
      /** Of a place: whose machine it is of where it is a path. */
      readonly side?: Side;
      readonly beside?: readonly string[];
    }
  | { readonly kind: "boolean" }
  | { readonly kind: "integer"; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: "number" }
  /** Bytes, spelled (`20G`) or as an integer. */
  | ({ readonly kind: "size" } & SizeRule)
  /** A path of the host or of the caller; relative ones start at the working directory, those of a project file at its folder. */
  | { readonly kind: "path"; readonly side?: Side; readonly beside?: readonly string[]; readonly folder?: true }
  /** Order matters; `key` names the field that tells one element from another. */
  | { readonly kind: "list"; readonly element: FieldType; readonly key?: string; readonly length?: LengthRule }
  | { readonly kind: "map"; readonly element: FieldType }
  | { readonly kind: "object"; readonly fields: readonly Field[] };

/**
 * Whose a path is that is not the host's, where the engine works: the caller's, who brings the file along. `host:/PATH` in
 * such a field is the host's all the same. `beside`: endings of files that are read along with it; `folder`: it is one.
 */
export type Side = "caller";

/**
 * Texts that are spelled in several ways and mean the same: they are compared, and handed to implementations, in one
 * spelling (engine/spelling), while plans and states keep the user's.
 */
export type TextForm =
  /** Hexadecimal, in either case; `sha256:` may stand before it. */
  | "digest"
  /** The same, or the place of a file of checksums. */
  | "digestPlace"
  /** OpenPGP: hexadecimal, in either case, with or without blanks. */
  | "fingerprint"
  /** A path inside a guest or an image: repeated slashes, and one at the end, mean nothing. */
  | "guestPath"
  /** IPv4 or IPv6, with or without a prefix length. */
  | "ip"
  /** A hardware address: in either case, with colons, dashes or Cisco's dots. */
  | "mac"
  /** Permission bits: `644` and `0644`. */
  | "octal"
  /** A path of the host, a file: address of one, or an address of the web. */
  | "place"
  /** The same as git takes it: HOST:PATH, too. */
  | "repository"
  | "uuid";

/** How many characters a text has, or elements a list. */
export interface LengthRule {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Bounds of a size, bytes. */
export interface SizeRule {
  /** However it is spelled. */
  readonly minimum?: number;
  /** A number without a unit below this is taken for a slip: more was meant, in MiB. */
  readonly bareMinimum?: number;
  /** It must be so many bytes, or a multiple of them. */
  readonly multiple?: number;
}

/**
 * Of a text that is, or may be, an address: a name or password in it is refused, and it is compared, recorded and shown
 * without what signs it.
 */
export interface AddressRule {
  /** Where a name and password go instead. */
  readonly help: string;
  /** The sibling that declares a digest: where both sides declare the same one, so many addresses are equal. */
  readonly digest?: string;
}

export type Literal = string | number | boolean | readonly Literal[];
export type Implied = Literal | { readonly [name: string]: Implied };

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly description: string;
  readonly required: boolean;
  /** Filled in where the user is silent. */
  readonly default?: Literal;
  /** What it stands for where the user is silent: as good as given, and never filled in. */
  readonly absent?: Implied;
  readonly policy?: Policy;
  /** Where the user is silent, what is observed stays. */
  readonly adopts?: boolean;
  readonly sensitive?: boolean;
  /** A secret that is never stored; its `NAME_version` beside it tells a change. */
  readonly writeOnly?: boolean;
  /**
   * The top-level input fields with which this value may change, where an apply and not the user says it: of an output, or
   * of an input that adopts and is null so far. Absent: with none.
   */
  readonly changesWith?: readonly string[];
  /** An output that moves by itself (disk usage): unknown in every update, and never a reason to do anything. */
  readonly volatile?: boolean;
  /** Top-level or sibling fields of which at most one may be given. */
  readonly conflictsWith?: readonly string[];
  /** The resource contract whose id the value is: shells complete it. */
  readonly refersTo?: string;
  /**
   * What only one thing at a time can have, as a word for its kind: of two with the same value, the one that goes makes room
   * for the other.
   */
  readonly claims?: string;
  /** The query that lists what the value may be, asked with the fields before it: shells complete it. */
  readonly listedBy?: string;
  /** It names disks that are read: whoever asks may have to give their keys. */
  readonly disks?: true;
  /** Of a number that is told: people see it as a size, or as a duration. */
  readonly unit?: Unit;
}

export type Unit = "bytes" | "seconds";

export type ContractKind =
  | "resource"
  /** Reads the world. */
  | "query"
  /** Does something once. */
  | "action"
  /** Answers what nobody is to keep: a new key at each call, what a file hides. */
  | "secret"
  /** Answers the same for the same arguments: its inputs in their order, of which the last may be left out; one output. */
  | "function";

/** A face's own word for a thing, where a seed fixes one. */
export interface Alias {
  readonly name?: string;
  /** Field by field: ours -> the face's. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** What makes a verb of a query or an action: `guestkit vm stop NAME`. Without `positional` there is none. */
export interface CliAlias extends Alias {
  /** Input fields that are arguments, in this order; the others are options. A list may be the last and takes the rest. */
  readonly positional?: readonly string[];
  /** Further paragraphs of the verb's help. */
  readonly details?: string;
  /** The output field whose elements are the answer: a table, or with --json an object a line. */
  readonly list?: string;
  /** Output fields (with `list` those of its elements) that people see, in this order. Left out: all. */
  readonly columns?: readonly string[];
  /** What people read where the list is empty. */
  readonly empty?: string;
  /** What is lost by it: people on a terminal are asked first, unless the input field `force` is set. */
  readonly confirm?: string;
  /** The output field that is the exit code. */
  readonly exitCode?: string;
}

/** What another provider of Terraform made, and which of our things it is from then on (`moved`, `MoveResourceState`). */
export interface Moved {
  /** NAMESPACE/TYPE, whatever the registry. */
  readonly provider: string;
  readonly type: string;
  /** Attributes of their state that may tell our name of it: the first that is a text does, up to `until` where that is in it. */
  readonly from: readonly string[];
  readonly until?: string;
}

export interface TerraformAlias extends Alias {
  readonly moved?: readonly Moved[];
}

export type Aliases = Readonly<Partial<Record<Exclude<FaceName, "cli" | "terraform">, Alias>>> & {
  readonly cli?: CliAlias;
  readonly terraform?: TerraformAlias;
};

/** How a thing is reached by SSH: the output fields that tell. The Ansible inventory comes from it. */
export interface Reachable {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  /** File with the private key. */
  readonly key?: string;
  /** A known_hosts file, in which the thing goes by its id: its port may change. */
  readonly knownHosts?: string;
  /** A file for `ssh -F`, in which the thing goes by its id, where one has to go by way of its host; null elsewhere. */
  readonly config?: string;
  /** A command that logs in. */
  readonly command?: string;
  /** Output or input fields whose values make groups: labels (a map), status (a word). */
  readonly groups?: readonly string[];
}

export interface Contract {
  readonly kind: ContractKind;
  readonly name: string;
  /** The release that brought it. */
  readonly since: string;
  readonly summary: string;
  readonly description: string;
  /** Input fields that make the natural key of a resource. Empty for all others. */
  readonly identity: readonly string[];
  readonly input: readonly Field[];
  readonly output: readonly Field[];
  /** Of a resource all of whose things can be listed: what tells which ones. Left out: they lie anywhere. */
  readonly listing?: readonly Field[];
  readonly examples: readonly Example[];
  readonly aliases: Aliases;
  /** An action that needs a terminal: on the command line alone. */
  readonly interactive?: true;
  readonly reachable?: Reachable;
}

export interface Example {
  readonly title: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export type FaceName = "terraform" | "pulumi" | "ansible" | "cli";
