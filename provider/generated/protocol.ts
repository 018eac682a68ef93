// Written by `npm run generate` from provider/proto/*.proto: change those.

export const DiagnosticSeverity = {"INVALID":0,"ERROR":1,"WARNING":2} as const;
export const StringKind = {"PLAIN":0,"MARKDOWN":1} as const;
export const SchemaObjectNestingMode = {"INVALID":0,"SINGLE":1,"LIST":2,"SET":3,"MAP":4} as const;
export const StdioDataChannel = {"INVALID":0,"STDOUT":1,"STDERR":2} as const;
export const HealthCheckResponseServingStatus = {"UNKNOWN":0,"SERVING":1,"NOT_SERVING":2} as const;
export interface DynamicValue {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}
export interface Diagnostic {
  readonly severity?: number;
  readonly summary?: string;
  readonly detail?: string;
  readonly attribute?: AttributePath;
}
export interface AttributePath {
  readonly steps?: readonly AttributePathStep[];
}
export interface AttributePathStep {
  readonly attribute_name?: string;
  readonly element_key_string?: string;
  readonly element_key_int?: number;
}
export interface RawState {
  readonly json?: Uint8Array;
  readonly flatmap?: Readonly<Record<string, string>>;
}
export interface Schema {
  readonly version?: number;
  readonly block?: SchemaBlock;
}
export interface SchemaBlock {
  readonly version?: number;
  readonly attributes?: readonly SchemaAttribute[];
  readonly description?: string;
  readonly description_kind?: number;
  readonly deprecated?: boolean;
}
export interface SchemaAttribute {
  readonly name?: string;
  readonly type?: Uint8Array;
  readonly description?: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly description_kind?: number;
  readonly deprecated?: boolean;
  readonly nested_type?: SchemaObject;
  readonly write_only?: boolean;
}
export interface SchemaObject {
  readonly attributes?: readonly SchemaAttribute[];
  readonly nesting?: number;
}
export interface ServerCapabilities {
  readonly plan_destroy?: boolean;
  readonly get_provider_schema_optional?: boolean;
  readonly move_resource_state?: boolean;
}
export interface ClientCapabilities {
  readonly deferral_allowed?: boolean;
  readonly write_only_attributes_allowed?: boolean;
}
export type GetMetadataRequest = Readonly<Record<never, never>>;
export interface GetMetadataResponse {
  readonly server_capabilities?: ServerCapabilities;
  readonly diagnostics?: readonly Diagnostic[];
  readonly data_sources?: readonly GetMetadataTypeMetadata[];
  readonly resources?: readonly GetMetadataTypeMetadata[];
}
export interface GetMetadataTypeMetadata {
  readonly type_name?: string;
}
export type GetProviderSchemaRequest = Readonly<Record<never, never>>;
export interface GetProviderSchemaResponse {
  readonly provider?: Schema;
  readonly resource_schemas?: Readonly<Record<string, Schema>>;
  readonly data_source_schemas?: Readonly<Record<string, Schema>>;
  readonly diagnostics?: readonly Diagnostic[];
  readonly provider_meta?: Schema;
  readonly server_capabilities?: ServerCapabilities;
}
export type GetResourceIdentitySchemasRequest = Readonly<Record<never, never>>;
export interface GetResourceIdentitySchemasResponse {
  readonly diagnostics?: readonly Diagnostic[];
}
export interface ValidateProviderConfigRequest {
  readonly config?: DynamicValue;
}
export interface ValidateProviderConfigResponse {
  readonly diagnostics?: readonly Diagnostic[];
}
export interface ValidateResourceConfigRequest {
  readonly type_name?: string;
  readonly config?: DynamicValue;
  readonly client_capabilities?: ClientCapabilities;
}
export interface ValidateResourceConfigResponse {
  readonly diagnostics?: readonly Diagnostic[];
}
export interface ValidateDataResourceConfigRequest {
  readonly type_name?: string;
  readonly config?: DynamicValue;
}
export interface ValidateDataResourceConfigResponse {
  readonly diagnostics?: readonly Diagnostic[];
}
export interface UpgradeResourceStateRequest {
  readonly type_name?: string;
  readonly version?: number;
  readonly raw_state?: RawState;
}
export interface UpgradeResourceStateResponse {
  readonly upgraded_state?: DynamicValue;
  readonly diagnostics?: readonly Diagnostic[];
}
export interface ConfigureProviderRequest {
  readonly terraform_version?: string;
  readonly config?: DynamicValue;
  readonly client_capabilities?: ClientCapabilities;
}
export interface ConfigureProviderResponse {
  readonly diagnostics?: readonly Diagnostic[];
}
export interface ReadResourceRequest {
  readonly type_name?: string;
  readonly current_state?: DynamicValue;
  readonly private?: Uint8Array;
  readonly provider_meta?: DynamicValue;
  readonly client_capabilities?: ClientCapabilities;
}
export interface ReadResourceResponse {
  readonly new_state?: DynamicValue;
  readonly diagnostics?: readonly Diagnostic[];
  readonly private?: Uint8Array;
}
export interface PlanResourceChangeRequest {
  readonly type_name?: string;
  readonly prior_state?: DynamicValue;
  readonly proposed_new_state?: DynamicValue;
  readonly config?: DynamicValue;
  readonly prior_private?: Uint8Array;
  readonly provider_meta?: DynamicValue;
  readonly client_capabilities?: ClientCapabilities;
}
export interface PlanResourceChangeResponse {
  readonly planned_state?: DynamicValue;
  readonly requires_replace?: readonly AttributePath[];
  readonly planned_private?: Uint8Array;
  readonly diagnostics?: readonly Diagnostic[];
}
export interface ApplyResourceChangeRequest {
  readonly type_name?: string;
  readonly prior_state?: DynamicValue;
  readonly planned_state?: DynamicValue;
  readonly config?: DynamicValue;
  readonly planned_private?: Uint8Array;
  readonly provider_meta?: DynamicValue;
}
export interface ApplyResourceChangeResponse {
  readonly new_state?: DynamicValue;
  readonly private?: Uint8Array;
  readonly diagnostics?: readonly Diagnostic[];
}
export interface ImportResourceStateRequest {
  readonly type_name?: string;
  readonly id?: string;
  readonly client_capabilities?: ClientCapabilities;
}
export interface ImportResourceStateImportedResource {
  readonly type_name?: string;
  readonly state?: DynamicValue;
  readonly private?: Uint8Array;
}
export interface ImportResourceStateResponse {
  readonly imported_resources?: readonly ImportResourceStateImportedResource[];
  readonly diagnostics?: readonly Diagnostic[];
}
export interface ReadDataSourceRequest {
  readonly type_name?: string;
  readonly config?: DynamicValue;
  readonly provider_meta?: DynamicValue;
  readonly client_capabilities?: ClientCapabilities;
}
export interface ReadDataSourceResponse {
  readonly state?: DynamicValue;
  readonly diagnostics?: readonly Diagnostic[];
}
export type GetFunctionsRequest = Readonly<Record<never, never>>;
export interface GetFunctionsResponse {
  readonly diagnostics?: readonly Diagnostic[];
}
export type StopProviderRequest = Readonly<Record<never, never>>;
export interface StopProviderResponse {
  readonly Error?: string;
}
export type Empty = Readonly<Record<never, never>>;
export interface ConnInfo {
  readonly service_id?: number;
  readonly network?: string;
  readonly address?: string;
}
export interface StdioData {
  readonly channel?: number;
  readonly data?: Uint8Array;
}
export interface HealthCheckRequest {
  readonly service?: string;
}
export interface HealthCheckResponse {
  readonly status?: number;
}
export const FIELDS: Readonly<Record<string, readonly (readonly [number, string, string] | readonly [number, string, string, string])[]>> = {
  DynamicValue: [[1,"msgpack","bytes"], [2,"json","bytes"]],
  Diagnostic: [[1,"severity","int64"], [2,"summary","string"], [3,"detail","string"], [4,"attribute","AttributePath"]],
  AttributePath: [[1,"steps","AttributePathStep","repeated"]],
  AttributePathStep: [[1,"attribute_name","string"], [2,"element_key_string","string"], [3,"element_key_int","int64"]],
  RawState: [[1,"json","bytes"], [2,"flatmap","string","map"]],
  Schema: [[1,"version","int64"], [2,"block","SchemaBlock"]],
  SchemaBlock: [[1,"version","int64"], [2,"attributes","SchemaAttribute","repeated"], [4,"description","string"], [5,"description_kind","int64"], [6,"deprecated","bool"]],
  SchemaAttribute: [[1,"name","string"], [2,"type","bytes"], [3,"description","string"], [4,"required","bool"], [5,"optional","bool"], [6,"computed","bool"], [7,"sensitive","bool"], [8,"description_kind","int64"], [9,"deprecated","bool"], [10,"nested_type","SchemaObject"], [11,"write_only","bool"]],
  SchemaObject: [[1,"attributes","SchemaAttribute","repeated"], [3,"nesting","int64"]],
  ServerCapabilities: [[1,"plan_destroy","bool"], [2,"get_provider_schema_optional","bool"], [3,"move_resource_state","bool"]],
  ClientCapabilities: [[1,"deferral_allowed","bool"], [2,"write_only_attributes_allowed","bool"]],
  GetMetadataRequest: [],
  GetMetadataResponse: [[1,"server_capabilities","ServerCapabilities"], [2,"diagnostics","Diagnostic","repeated"], [3,"data_sources","GetMetadataTypeMetadata","repeated"], [4,"resources","GetMetadataTypeMetadata","repeated"]],
  GetMetadataTypeMetadata: [[1,"type_name","string"]],
  GetProviderSchemaRequest: [],
  GetProviderSchemaResponse: [[1,"provider","Schema"], [2,"resource_schemas","Schema","map"], [3,"data_source_schemas","Schema","map"], [4,"diagnostics","Diagnostic","repeated"], [5,"provider_meta","Schema"], [6,"server_capabilities","ServerCapabilities"]],
  GetResourceIdentitySchemasRequest: [],
  GetResourceIdentitySchemasResponse: [[2,"diagnostics","Diagnostic","repeated"]],
  ValidateProviderConfigRequest: [[1,"config","DynamicValue"]],
  ValidateProviderConfigResponse: [[2,"diagnostics","Diagnostic","repeated"]],
  ValidateResourceConfigRequest: [[1,"type_name","string"], [2,"config","DynamicValue"], [3,"client_capabilities","ClientCapabilities"]],
  ValidateResourceConfigResponse: [[1,"diagnostics","Diagnostic","repeated"]],
  ValidateDataResourceConfigRequest: [[1,"type_name","string"], [2,"config","DynamicValue"]],
  ValidateDataResourceConfigResponse: [[1,"diagnostics","Diagnostic","repeated"]],
  UpgradeResourceStateRequest: [[1,"type_name","string"], [2,"version","int64"], [3,"raw_state","RawState"]],
  UpgradeResourceStateResponse: [[1,"upgraded_state","DynamicValue"], [2,"diagnostics","Diagnostic","repeated"]],
  ConfigureProviderRequest: [[1,"terraform_version","string"], [2,"config","DynamicValue"], [3,"client_capabilities","ClientCapabilities"]],
  ConfigureProviderResponse: [[1,"diagnostics","Diagnostic","repeated"]],
  ReadResourceRequest: [[1,"type_name","string"], [2,"current_state","DynamicValue"], [3,"private","bytes"], [4,"provider_meta","DynamicValue"], [5,"client_capabilities","ClientCapabilities"]],
  ReadResourceResponse: [[1,"new_state","DynamicValue"], [2,"diagnostics","Diagnostic","repeated"], [3,"private","bytes"]],
  PlanResourceChangeRequest: [[1,"type_name","string"], [2,"prior_state","DynamicValue"], [3,"proposed_new_state","DynamicValue"], [4,"config","DynamicValue"], [5,"prior_private","bytes"], [6,"provider_meta","DynamicValue"], [7,"client_capabilities","ClientCapabilities"]],
  PlanResourceChangeResponse: [[1,"planned_state","DynamicValue"], [2,"requires_replace","AttributePath","repeated"], [3,"planned_private","bytes"], [4,"diagnostics","Diagnostic","repeated"]],
  ApplyResourceChangeRequest: [[1,"type_name","string"], [2,"prior_state","DynamicValue"], [3,"planned_state","DynamicValue"], [4,"config","DynamicValue"], [5,"planned_private","bytes"], [6,"provider_meta","DynamicValue"]],
  ApplyResourceChangeResponse: [[1,"new_state","DynamicValue"], [2,"private","bytes"], [3,"diagnostics","Diagnostic","repeated"]],
  ImportResourceStateRequest: [[1,"type_name","string"], [2,"id","string"], [3,"client_capabilities","ClientCapabilities"]],
  ImportResourceStateImportedResource: [[1,"type_name","string"], [2,"state","DynamicValue"], [3,"private","bytes"]],
  ImportResourceStateResponse: [[1,"imported_resources","ImportResourceStateImportedResource","repeated"], [2,"diagnostics","Diagnostic","repeated"]],
  ReadDataSourceRequest: [[1,"type_name","string"], [2,"config","DynamicValue"], [3,"provider_meta","DynamicValue"], [4,"client_capabilities","ClientCapabilities"]],
  ReadDataSourceResponse: [[1,"state","DynamicValue"], [2,"diagnostics","Diagnostic","repeated"]],
  GetFunctionsRequest: [],
  GetFunctionsResponse: [[2,"diagnostics","Diagnostic","repeated"]],
  StopProviderRequest: [],
  StopProviderResponse: [[1,"Error","string"]],
  Empty: [],
  ConnInfo: [[1,"service_id","uint32"], [2,"network","string"], [3,"address","string"]],
  StdioData: [[1,"channel","int64"], [2,"data","bytes"]],
  HealthCheckRequest: [[1,"service","string"]],
  HealthCheckResponse: [[1,"status","int64"]],
};
export interface Messages {
  DynamicValue: DynamicValue;
  Diagnostic: Diagnostic;
  AttributePath: AttributePath;
  AttributePathStep: AttributePathStep;
  RawState: RawState;
  Schema: Schema;
  SchemaBlock: SchemaBlock;
  SchemaAttribute: SchemaAttribute;
  SchemaObject: SchemaObject;
  ServerCapabilities: ServerCapabilities;
  ClientCapabilities: ClientCapabilities;
  GetMetadataRequest: GetMetadataRequest;
  GetMetadataResponse: GetMetadataResponse;
  GetMetadataTypeMetadata: GetMetadataTypeMetadata;
  GetProviderSchemaRequest: GetProviderSchemaRequest;
  GetProviderSchemaResponse: GetProviderSchemaResponse;
  GetResourceIdentitySchemasRequest: GetResourceIdentitySchemasRequest;
  GetResourceIdentitySchemasResponse: GetResourceIdentitySchemasResponse;
  ValidateProviderConfigRequest: ValidateProviderConfigRequest;
  ValidateProviderConfigResponse: ValidateProviderConfigResponse;
  ValidateResourceConfigRequest: ValidateResourceConfigRequest;
  ValidateResourceConfigResponse: ValidateResourceConfigResponse;
  ValidateDataResourceConfigRequest: ValidateDataResourceConfigRequest;
  ValidateDataResourceConfigResponse: ValidateDataResourceConfigResponse;
  UpgradeResourceStateRequest: UpgradeResourceStateRequest;
  UpgradeResourceStateResponse: UpgradeResourceStateResponse;
  ConfigureProviderRequest: ConfigureProviderRequest;
  ConfigureProviderResponse: ConfigureProviderResponse;
  ReadResourceRequest: ReadResourceRequest;
  ReadResourceResponse: ReadResourceResponse;
  PlanResourceChangeRequest: PlanResourceChangeRequest;
  PlanResourceChangeResponse: PlanResourceChangeResponse;
  ApplyResourceChangeRequest: ApplyResourceChangeRequest;
  ApplyResourceChangeResponse: ApplyResourceChangeResponse;
  ImportResourceStateRequest: ImportResourceStateRequest;
  ImportResourceStateImportedResource: ImportResourceStateImportedResource;
  ImportResourceStateResponse: ImportResourceStateResponse;
  ReadDataSourceRequest: ReadDataSourceRequest;
  ReadDataSourceResponse: ReadDataSourceResponse;
  GetFunctionsRequest: GetFunctionsRequest;
  GetFunctionsResponse: GetFunctionsResponse;
  StopProviderRequest: StopProviderRequest;
  StopProviderResponse: StopProviderResponse;
  Empty: Empty;
  ConnInfo: ConnInfo;
  StdioData: StdioData;
  HealthCheckRequest: HealthCheckRequest;
  HealthCheckResponse: HealthCheckResponse;
}
export const CALLS = {
  "/tfplugin6.Provider/GetMetadata": ["GetMetadataRequest", "GetMetadataResponse"],
  "/tfplugin6.Provider/GetProviderSchema": ["GetProviderSchemaRequest", "GetProviderSchemaResponse"],
  "/tfplugin6.Provider/GetResourceIdentitySchemas": ["GetResourceIdentitySchemasRequest", "GetResourceIdentitySchemasResponse"],
  "/tfplugin6.Provider/ValidateProviderConfig": ["ValidateProviderConfigRequest", "ValidateProviderConfigResponse"],
  "/tfplugin6.Provider/ValidateResourceConfig": ["ValidateResourceConfigRequest", "ValidateResourceConfigResponse"],
  "/tfplugin6.Provider/ValidateDataResourceConfig": ["ValidateDataResourceConfigRequest", "ValidateDataResourceConfigResponse"],
  "/tfplugin6.Provider/UpgradeResourceState": ["UpgradeResourceStateRequest", "UpgradeResourceStateResponse"],
  "/tfplugin6.Provider/ConfigureProvider": ["ConfigureProviderRequest", "ConfigureProviderResponse"],
  "/tfplugin6.Provider/ReadResource": ["ReadResourceRequest", "ReadResourceResponse"],
  "/tfplugin6.Provider/PlanResourceChange": ["PlanResourceChangeRequest", "PlanResourceChangeResponse"],
  "/tfplugin6.Provider/ApplyResourceChange": ["ApplyResourceChangeRequest", "ApplyResourceChangeResponse"],
  "/tfplugin6.Provider/ImportResourceState": ["ImportResourceStateRequest", "ImportResourceStateResponse"],
  "/tfplugin6.Provider/ReadDataSource": ["ReadDataSourceRequest", "ReadDataSourceResponse"],
  "/tfplugin6.Provider/GetFunctions": ["GetFunctionsRequest", "GetFunctionsResponse"],
  "/tfplugin6.Provider/StopProvider": ["StopProviderRequest", "StopProviderResponse"],
  "/plugin.GRPCController/Shutdown": ["Empty", "Empty"],
  "/plugin.GRPCBroker/StartStream": ["ConnInfo", "ConnInfo", "streams"],
  "/plugin.GRPCStdio/StreamStdio": ["Empty", "StdioData", "streams"],
  "/grpc.health.v1.Health/Check": ["HealthCheckRequest", "HealthCheckResponse"],
} as const;
