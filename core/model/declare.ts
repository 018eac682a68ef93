import { z } from "zod";
import type {
  AddressRule,
  Aliases,
  ContractKind,
  Example,
  FieldType,
  Implied,
  Policy,
  Reachable,
  Side,
  SizeRule,
  TextForm,
  Unit,
} from "./contract.ts";

/** What a declaration says of a field beside its type. */
export interface FieldMeta {
  readonly policy?: Policy;
  readonly adopts?: true;
  readonly sensitive?: true;
  readonly writeOnly?: true;
  readonly changesWith?: readonly string[];
  readonly volatile?: true;
  readonly conflictsWith?: readonly string[];
  readonly refersTo?: string;
  readonly claims?: string;
  readonly listedBy?: string;
  readonly disks?: true;
  readonly unit?: Unit;
  /** Overrides the kind that the zod type implies. */
  readonly kind?: FieldType["kind"];
  /** Of a text: it is an address. */
  readonly address?: AddressRule;
  /** Of a text: it has several spellings. */
  readonly form?: TextForm;
  /** Of a path or place: it is the caller's. */
  readonly side?: Side;
  /** Endings of files beside it that are read along with it. */
  readonly beside?: readonly string[];
  /** The path of a folder. */
  readonly folder?: true;
  readonly absent?: Implied;
  /** Of a size. */
  readonly bounds?: SizeRule;
  /** Of a list: the field that tells its elements apart. */
  readonly key?: string;
}

export const immutable = { policy: "immutable" } as const satisfies FieldMeta;
export const createOnly = { policy: "createOnly" } as const satisfies FieldMeta;
export const growOnly = { policy: "growOnly" } as const satisfies FieldMeta;
export const live = { policy: "live" } as const satisfies FieldMeta;
export const restart = { policy: "restart" } as const satisfies FieldMeta;
export const keep = { policy: "keep" } as const satisfies FieldMeta;
export const adopts = { adopts: true } as const satisfies FieldMeta;
export const writeOnly = { writeOnly: true, sensitive: true } as const satisfies FieldMeta;
/** What no log and no screen shows. */
export const sensitive = { sensitive: true } as const satisfies FieldMeta;
export const volatile = { volatile: true } as const satisfies FieldMeta;
export const changesWith = (...fields: string[]) => ({ changesWith: fields }) satisfies FieldMeta;
export const conflictsWith = (...fields: string[]) => ({ conflictsWith: fields }) satisfies FieldMeta;
export const inBytes = { unit: "bytes" } as const satisfies FieldMeta;
/** A number of seconds: shown as a duration where people read it. */
export const inSeconds = { unit: "seconds" } as const satisfies FieldMeta;
export const refersTo = (contract: string) => ({ refersTo: contract }) satisfies FieldMeta;
/** Only one thing at a time can have it. */
export const claims = (kind: string) => ({ claims: kind }) satisfies FieldMeta;
export const listedBy = (query: string) => ({ listedBy: query }) satisfies FieldMeta;
export const address = (help: string, digest?: string) =>
  ({ address: { help, ...(digest !== undefined && { digest }) } }) satisfies FieldMeta;
export const disks = { disks: true } as const satisfies FieldMeta;
export const keyedBy = (key: string) => ({ key }) satisfies FieldMeta;

/** A text that is spelled in several ways and means the same. */
export const spelled = (form: TextForm) => ({ form }) satisfies FieldMeta;

/** Left out, it stands for this. */
export const absentIs = (absent: Implied) => ({ absent }) satisfies FieldMeta;

export const MIB = 2 ** 20;

/** Bytes as users write them. */
export const byteSize = (bounds: SizeRule = {}) =>
  z.union([z.string(), z.int().nonnegative()]).meta({ kind: "size", bounds });
/** Bytes of a partition or the like: nobody means so few that MiB would not do. */
export const diskSize = () => byteSize({ bareMinimum: MIB });
/** Bytes of a whole disk: it has sectors. */
export const virtualSize = () => byteSize({ bareMinimum: MIB, multiple: 512 });
/** Bytes of a memory. */
export const memorySize = () => byteSize({ minimum: MIB, bareMinimum: MIB });
/** A name for a machine. */
export const newMachineName = () =>
  z
    .string()
    .regex(
      /^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/,
      "letters, digits, - and _, at most 63, a letter or digit first and last",
    );
/** Permission bits. */
export const permissionBits = () => z.string().regex(/^[0-7]{3,4}$/, "three or four octal digits, such as 0644");
/** A host name (RFC 1123). */
export const hostName = () =>
  z
    .string()
    .regex(
      /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/,
      "letters, digits, - and dots, at most 253, a letter or digit first and last",
    );
/** Whose a thing is: outputs of a query. */
export const ownership = {
  owner: z
    .string()
    .nullable()
    .describe(
      "Whose it is, FACE:PROJECT (guestkit.yaml:shop, terraform:1b2c...); null where nobody in particular owns it.",
    ),
  owner_file: z.string().nullable().describe("The project file of an owner that has no name but a UUID."),
};
/** A path on the host: what is made there, or lies there for as long as the thing does. */
export const hostPath = () => z.string().min(1).meta({ kind: "path" });
/** A path of what the declaration brings along: a file or folder of the caller's, read by `context.files` alone. */
export const callerPath = (...beside: readonly string[]) =>
  z
    .string()
    .min(1)
    .meta({ kind: "path", ...callerSide(...beside) });
/** The same of a folder, with all that is in it. */
export const callerFolder = () =>
  z
    .string()
    .min(1)
    .meta({ kind: "path", ...callerSide(), folder: true });
/** The same of a text that may be a path. `beside`: endings of files that are read along. */
export const callerSide = (...beside: readonly string[]) =>
  ({ side: "caller", ...(beside.length > 0 && { beside }) }) as const satisfies FieldMeta;

export interface Declaration {
  readonly kind: ContractKind;
  readonly name: string;
  readonly since: string;
  readonly summary: string;
  readonly description: string;
  readonly identity: readonly string[];
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Of a resource: what is said to have its things listed. */
  readonly listing?: z.ZodObject;
  readonly examples: readonly Example[];
  readonly aliases?: Aliases;
  readonly interactive?: true;
  readonly reachable?: Reachable;
}

type Body = Omit<Declaration, "kind" | "identity">;

export const resource = <D extends Body & Pick<Declaration, "identity">>(body: D) => ({
  kind: "resource" as const,
  ...body,
});
export const query = <D extends Body>(body: D) => ({ kind: "query" as const, identity: [] as string[], ...body });
export const action = <D extends Body>(body: D) => ({ kind: "action" as const, identity: [] as string[], ...body });
export const secret = <D extends Body>(body: D) => ({ kind: "secret" as const, identity: [] as string[], ...body });
export const pureFunction = <D extends Body>(body: D) => ({
  kind: "function" as const,
  identity: [] as string[],
  ...body,
});
