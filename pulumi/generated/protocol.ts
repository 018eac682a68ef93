// Written by `npm run generate` from the .proto files beside its folder: change those.

export const PropertyDiffKind = {"ADD":0,"ADD_REPLACE":1,"DELETE":2,"DELETE_REPLACE":3,"UPDATE":4,"UPDATE_REPLACE":5} as const;
export const DiffResponseDiffChanges = {"DIFF_UNKNOWN":0,"DIFF_NONE":1,"DIFF_SOME":2} as const;
export const LogSeverity = {"DEBUG":0,"INFO":1,"WARNING":2,"ERROR":3} as const;
export type Empty = Readonly<Record<never, never>>;
export interface ProviderHandshakeRequest {
  readonly engine_address?: string;
}
export interface ProviderHandshakeResponse {
  readonly accept_secrets?: boolean;
  readonly accept_resources?: boolean;
  readonly accept_outputs?: boolean;
}
export interface GetSchemaRequest {
  readonly version?: number;
}
export interface GetSchemaResponse {
  readonly schema?: string;
}
export interface ConfigureRequest {
  readonly variables?: Readonly<Record<string, string>>;
  readonly args?: Struct;
}
export interface ConfigureResponse {
  readonly acceptSecrets?: boolean;
  readonly supportsPreview?: boolean;
  readonly acceptResources?: boolean;
  readonly acceptOutputs?: boolean;
}
export interface InvokeRequest {
  readonly tok?: string;
  readonly args?: Struct;
}
export interface InvokeResponse {
  readonly return?: Struct;
  readonly failures?: readonly CheckFailure[];
}
export interface CheckRequest {
  readonly urn?: string;
  readonly olds?: Struct;
  readonly news?: Struct;
}
export interface CheckResponse {
  readonly inputs?: Struct;
  readonly failures?: readonly CheckFailure[];
}
export interface CheckFailure {
  readonly property?: string;
  readonly reason?: string;
}
export interface DiffRequest {
  readonly id?: string;
  readonly urn?: string;
  readonly olds?: Struct;
  readonly news?: Struct;
  readonly ignoreChanges?: readonly string[];
  readonly old_inputs?: Struct;
}
export interface PropertyDiff {
  readonly kind?: number;
  readonly inputDiff?: boolean;
}
export interface DiffResponse {
  readonly replaces?: readonly string[];
  readonly stables?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  readonly changes?: number;
  readonly diffs?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, PropertyDiff>>;
  readonly hasDetailedDiff?: boolean;
}
export interface CreateRequest {
  readonly urn?: string;
  readonly properties?: Struct;
  readonly timeout?: number;
  readonly preview?: boolean;
}
export interface CreateResponse {
  readonly id?: string;
  readonly properties?: Struct;
}
export interface ReadRequest {
  readonly id?: string;
  readonly urn?: string;
  readonly properties?: Struct;
  readonly inputs?: Struct;
}
export interface ReadResponse {
  readonly id?: string;
  readonly properties?: Struct;
  readonly inputs?: Struct;
}
export interface UpdateRequest {
  readonly id?: string;
  readonly urn?: string;
  readonly olds?: Struct;
  readonly news?: Struct;
  readonly timeout?: number;
  readonly ignoreChanges?: readonly string[];
  readonly preview?: boolean;
}
export interface UpdateResponse {
  readonly properties?: Struct;
}
export interface DeleteRequest {
  readonly id?: string;
  readonly urn?: string;
  readonly properties?: Struct;
  readonly timeout?: number;
}
export interface ErrorResourceInitFailed {
  readonly id?: string;
  readonly properties?: Struct;
  readonly reasons?: readonly string[];
}
export interface PluginInfo {
  readonly version?: string;
}
export interface PluginAttach {
  readonly address?: string;
}
export interface LogRequest {
  readonly severity?: number;
  readonly message?: string;
  readonly urn?: string;
  readonly streamId?: number;
  readonly ephemeral?: boolean;
}
export interface Struct {
  readonly fields?: Readonly<Record<string, Value>>;
}
export interface Value {
  readonly null_value?: number;
  readonly number_value?: number;
  readonly string_value?: string;
  readonly bool_value?: boolean;
  readonly struct_value?: Struct;
  readonly list_value?: ListValue;
}
export interface ListValue {
  readonly values?: readonly Value[];
}
export interface Status {
  readonly code?: number;
  readonly message?: string;
  readonly details?: readonly Any[];
}
export interface Any {
  readonly type_url?: string;
  readonly value?: Uint8Array;
}
export const FIELDS: Readonly<Record<string, readonly (readonly [number, string, string] | readonly [number, string, string, string])[]>> = {
  Empty: [],
  ProviderHandshakeRequest: [[1,"engine_address","string"]],
  ProviderHandshakeResponse: [[1,"accept_secrets","bool"], [2,"accept_resources","bool"], [3,"accept_outputs","bool"]],
  GetSchemaRequest: [[1,"version","int64"]],
  GetSchemaResponse: [[1,"schema","string"]],
  ConfigureRequest: [[1,"variables","string","map"], [2,"args","Struct"]],
  ConfigureResponse: [[1,"acceptSecrets","bool"], [2,"supportsPreview","bool"], [3,"acceptResources","bool"], [4,"acceptOutputs","bool"]],
  InvokeRequest: [[1,"tok","string"], [2,"args","Struct"]],
  InvokeResponse: [[1,"return","Struct"], [2,"failures","CheckFailure","repeated"]],
  CheckRequest: [[1,"urn","string"], [2,"olds","Struct"], [3,"news","Struct"]],
  CheckResponse: [[1,"inputs","Struct"], [2,"failures","CheckFailure","repeated"]],
  CheckFailure: [[1,"property","string"], [2,"reason","string"]],
  DiffRequest: [[1,"id","string"], [2,"urn","string"], [3,"olds","Struct"], [4,"news","Struct"], [5,"ignoreChanges","string","repeated"], [6,"old_inputs","Struct"]],
  PropertyDiff: [[1,"kind","int64"], [2,"inputDiff","bool"]],
  DiffResponse: [[1,"replaces","string","repeated"], [2,"stables","string","repeated"], [3,"deleteBeforeReplace","bool"], [4,"changes","int64"], [5,"diffs","string","repeated"], [6,"detailedDiff","PropertyDiff","map"], [7,"hasDetailedDiff","bool"]],
  CreateRequest: [[1,"urn","string"], [2,"properties","Struct"], [3,"timeout","double"], [4,"preview","bool"]],
  CreateResponse: [[1,"id","string"], [2,"properties","Struct"]],
  ReadRequest: [[1,"id","string"], [2,"urn","string"], [3,"properties","Struct"], [4,"inputs","Struct"]],
  ReadResponse: [[1,"id","string"], [2,"properties","Struct"], [3,"inputs","Struct"]],
  UpdateRequest: [[1,"id","string"], [2,"urn","string"], [3,"olds","Struct"], [4,"news","Struct"], [5,"timeout","double"], [6,"ignoreChanges","string","repeated"], [7,"preview","bool"]],
  UpdateResponse: [[1,"properties","Struct"]],
  DeleteRequest: [[1,"id","string"], [2,"urn","string"], [3,"properties","Struct"], [4,"timeout","double"]],
  ErrorResourceInitFailed: [[1,"id","string"], [2,"properties","Struct"], [3,"reasons","string","repeated"]],
  PluginInfo: [[1,"version","string"]],
  PluginAttach: [[1,"address","string"]],
  LogRequest: [[1,"severity","int64"], [2,"message","string"], [3,"urn","string"], [4,"streamId","int64"], [5,"ephemeral","bool"]],
  Struct: [[1,"fields","Value","map"]],
  Value: [[1,"null_value","int64"], [2,"number_value","double"], [3,"string_value","string"], [4,"bool_value","bool"], [5,"struct_value","Struct"], [6,"list_value","ListValue"]],
  ListValue: [[1,"values","Value","repeated"]],
  Status: [[1,"code","int64"], [2,"message","string"], [3,"details","Any","repeated"]],
  Any: [[1,"type_url","string"], [2,"value","bytes"]],
};
export interface Messages {
  Empty: Empty;
  ProviderHandshakeRequest: ProviderHandshakeRequest;
  ProviderHandshakeResponse: ProviderHandshakeResponse;
  GetSchemaRequest: GetSchemaRequest;
  GetSchemaResponse: GetSchemaResponse;
  ConfigureRequest: ConfigureRequest;
  ConfigureResponse: ConfigureResponse;
  InvokeRequest: InvokeRequest;
  InvokeResponse: InvokeResponse;
  CheckRequest: CheckRequest;
  CheckResponse: CheckResponse;
  CheckFailure: CheckFailure;
  DiffRequest: DiffRequest;
  PropertyDiff: PropertyDiff;
  DiffResponse: DiffResponse;
  CreateRequest: CreateRequest;
  CreateResponse: CreateResponse;
  ReadRequest: ReadRequest;
  ReadResponse: ReadResponse;
  UpdateRequest: UpdateRequest;
  UpdateResponse: UpdateResponse;
  DeleteRequest: DeleteRequest;
  ErrorResourceInitFailed: ErrorResourceInitFailed;
  PluginInfo: PluginInfo;
  PluginAttach: PluginAttach;
  LogRequest: LogRequest;
  Struct: Struct;
  Value: Value;
  ListValue: ListValue;
  Status: Status;
  Any: Any;
}
export const CALLS = {
  "/pulumirpc.ResourceProvider/Handshake": ["ProviderHandshakeRequest", "ProviderHandshakeResponse"],
  "/pulumirpc.ResourceProvider/GetSchema": ["GetSchemaRequest", "GetSchemaResponse"],
  "/pulumirpc.ResourceProvider/CheckConfig": ["CheckRequest", "CheckResponse"],
  "/pulumirpc.ResourceProvider/DiffConfig": ["DiffRequest", "DiffResponse"],
  "/pulumirpc.ResourceProvider/Configure": ["ConfigureRequest", "ConfigureResponse"],
  "/pulumirpc.ResourceProvider/Invoke": ["InvokeRequest", "InvokeResponse"],
  "/pulumirpc.ResourceProvider/Check": ["CheckRequest", "CheckResponse"],
  "/pulumirpc.ResourceProvider/Diff": ["DiffRequest", "DiffResponse"],
  "/pulumirpc.ResourceProvider/Create": ["CreateRequest", "CreateResponse"],
  "/pulumirpc.ResourceProvider/Read": ["ReadRequest", "ReadResponse"],
  "/pulumirpc.ResourceProvider/Update": ["UpdateRequest", "UpdateResponse"],
  "/pulumirpc.ResourceProvider/Delete": ["DeleteRequest", "Empty"],
  "/pulumirpc.ResourceProvider/Cancel": ["Empty", "Empty"],
  "/pulumirpc.ResourceProvider/GetPluginInfo": ["Empty", "PluginInfo"],
  "/pulumirpc.ResourceProvider/Attach": ["PluginAttach", "Empty"],
  "/pulumirpc.Engine/Log": ["LogRequest", "Empty"],
} as const;
