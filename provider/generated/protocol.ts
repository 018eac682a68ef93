// Written by `npm run generate` from the .proto files beside its folder: change those.

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
export interface FunctionError {
  readonly text?: string;
  readonly function_argument?: number;
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
export interface ResourceIdentitySchema {
  readonly version?: number;
  readonly identity_attributes?: readonly ResourceIdentitySchemaIdentityAttribute[];
}
export interface ResourceIdentitySchemaIdentityAttribute {
  readonly name?: string;
  readonly type?: Uint8Array;
  readonly required_for_import?: boolean;
  readonly optional_for_import?: boolean;
  readonly description?: string;
}
export interface ResourceIdentityData {
  readonly identity_data?: DynamicValue;
}
export interface ActionSchema {
  readonly schema?: Schema;
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
export interface Function {
  readonly parameters?: readonly FunctionParameter[];
  readonly variadic_parameter?: FunctionParameter;
  readonly return?: FunctionReturn;
  readonly summary?: string;
  readonly description?: string;
  readonly description_kind?: number;
}
export interface FunctionParameter {
  readonly name?: string;
  readonly type?: Uint8Array;
  readonly allow_null_value?: boolean;
  readonly allow_unknown_values?: boolean;
  readonly description?: string;
  readonly description_kind?: number;
}
export interface FunctionReturn {
  readonly type?: Uint8Array;
}
export interface ServerCapabilities {
  readonly plan_destroy?: boolean;
  readonly get_provider_schema_optional?: boolean;
  readonly move_resource_state?: boolean;
  readonly generate_resource_config?: boolean;
}
export interface ClientCapabilities {
  readonly deferral_allowed?: boolean;
  readonly write_only_attributes_allowed?: boolean;
  readonly store_planned_private?: boolean;
}
export type GetMetadataRequest = Readonly<Record<never, never>>;
export interface GetMetadataResponse {
  readonly server_capabilities?: ServerCapabilities;
  readonly diagnostics?: readonly Diagnostic[];
  readonly data_sources?: readonly GetMetadataDataSourceMetadata[];
  readonly resources?: readonly GetMetadataResourceMetadata[];
  readonly functions?: readonly GetMetadataFunctionMetadata[];
  readonly ephemeral_resources?: readonly GetMetadataEphemeralMetadata[];
  readonly list_resources?: readonly GetMetadataListResourceMetadata[];
  readonly actions?: readonly GetMetadataActionMetadata[];
}
export interface GetMetadataDataSourceMetadata {
  readonly type_name?: string;
}
export interface GetMetadataResourceMetadata {
  readonly type_name?: string;
}
export interface GetMetadataFunctionMetadata {
  readonly name?: string;
}
export interface GetMetadataEphemeralMetadata {
  readonly type_name?: string;
}
export interface GetMetadataListResourceMetadata {
  readonly type_name?: string;
}
export interface GetMetadataActionMetadata {
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
  readonly functions?: Readonly<Record<string, Function>>;
  readonly ephemeral_resource_schemas?: Readonly<Record<string, Schema>>;
  readonly list_resource_schemas?: Readonly<Record<string, Schema>>;
  readonly action_schemas?: Readonly<Record<string, ActionSchema>>;
}
export type GetResourceIdentitySchemasRequest = Readonly<Record<never, never>>;
export interface GetResourceIdentitySchemasResponse {
  readonly identity_schemas?: Readonly<Record<string, ResourceIdentitySchema>>;
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
export interface UpgradeResourceIdentityRequest {
  readonly type_name?: string;
  readonly version?: number;
  readonly raw_identity?: RawState;
}
export interface UpgradeResourceIdentityResponse {
  readonly upgraded_identity?: ResourceIdentityData;
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
  readonly current_identity?: ResourceIdentityData;
}
export interface ReadResourceResponse {
  readonly new_state?: DynamicValue;
  readonly diagnostics?: readonly Diagnostic[];
  readonly private?: Uint8Array;
  readonly new_identity?: ResourceIdentityData;
}
export interface PlanResourceChangeRequest {
  readonly type_name?: string;
  readonly prior_state?: DynamicValue;
  readonly proposed_new_state?: DynamicValue;
  readonly config?: DynamicValue;
  readonly prior_private?: Uint8Array;
  readonly provider_meta?: DynamicValue;
  readonly client_capabilities?: ClientCapabilities;
  readonly prior_identity?: ResourceIdentityData;
  readonly planned_private?: Uint8Array;
}
export interface PlanResourceChangeResponse {
  readonly planned_state?: DynamicValue;
  readonly requires_replace?: readonly AttributePath[];
  readonly planned_private?: Uint8Array;
  readonly diagnostics?: readonly Diagnostic[];
  readonly planned_identity?: ResourceIdentityData;
}
export interface ApplyResourceChangeRequest {
  readonly type_name?: string;
  readonly prior_state?: DynamicValue;
  readonly planned_state?: DynamicValue;
  readonly config?: DynamicValue;
  readonly planned_private?: Uint8Array;
  readonly provider_meta?: DynamicValue;
  readonly planned_identity?: ResourceIdentityData;
}
export interface ApplyResourceChangeResponse {
  readonly new_state?: DynamicValue;
  readonly private?: Uint8Array;
  readonly diagnostics?: readonly Diagnostic[];
  readonly new_identity?: ResourceIdentityData;
}
export interface ImportResourceStateRequest {
  readonly type_name?: string;
  readonly id?: string;
  readonly client_capabilities?: ClientCapabilities;
  readonly identity?: ResourceIdentityData;
}
export interface ImportResourceStateImportedResource {
  readonly type_name?: string;
  readonly state?: DynamicValue;
  readonly private?: Uint8Array;
  readonly identity?: ResourceIdentityData;
}
export interface ImportResourceStateResponse {
  readonly imported_resources?: readonly ImportResourceStateImportedResource[];
  readonly diagnostics?: readonly Diagnostic[];
}
export interface MoveResourceStateRequest {
  readonly source_provider_address?: string;
  readonly source_type_name?: string;
  readonly source_schema_version?: number;
  readonly source_state?: RawState;
  readonly target_type_name?: string;
  readonly source_private?: Uint8Array;
  readonly source_identity?: RawState;
  readonly source_identity_schema_version?: number;
}
export interface MoveResourceStateResponse {
  readonly target_state?: DynamicValue;
  readonly diagnostics?: readonly Diagnostic[];
  readonly target_private?: Uint8Array;
  readonly target_identity?: ResourceIdentityData;
}
export interface GenerateResourceConfigRequest {
  readonly type_name?: string;
  readonly state?: DynamicValue;
}
export interface GenerateResourceConfigResponse {
  readonly config?: DynamicValue;
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
export interface ValidateListResourceConfigRequest {
  readonly type_name?: string;
  readonly config?: DynamicValue;
  readonly include_resource_object?: DynamicValue;
  readonly limit?: DynamicValue;
}
export interface ValidateListResourceConfigResponse {
  readonly diagnostics?: readonly Diagnostic[];
}
export interface ListResourceRequest {
  readonly type_name?: string;
  readonly config?: DynamicValue;
  readonly include_resource_object?: boolean;
  readonly limit?: number;
}
export interface ListResourceEvent {
  readonly identity?: ResourceIdentityData;
  readonly display_name?: string;
  readonly resource_object?: DynamicValue;
  readonly diagnostic?: readonly Diagnostic[];
}
export interface ValidateEphemeralResourceConfigRequest {
  readonly type_name?: string;
  readonly config?: DynamicValue;
}
export interface ValidateEphemeralResourceConfigResponse {
  readonly diagnostics?: readonly Diagnostic[];
}
export interface OpenEphemeralResourceRequest {
  readonly type_name?: string;
  readonly config?: DynamicValue;
  readonly client_capabilities?: ClientCapabilities;
}
export interface OpenEphemeralResourceResponse {
  readonly diagnostics?: readonly Diagnostic[];
  readonly result?: DynamicValue;
  readonly private?: Uint8Array;
}
export interface RenewEphemeralResourceRequest {
  readonly type_name?: string;
  readonly private?: Uint8Array;
}
export interface RenewEphemeralResourceResponse {
  readonly diagnostics?: readonly Diagnostic[];
  readonly private?: Uint8Array;
}
export interface CloseEphemeralResourceRequest {
  readonly type_name?: string;
  readonly private?: Uint8Array;
}
export interface CloseEphemeralResourceResponse {
  readonly diagnostics?: readonly Diagnostic[];
}
export type GetFunctionsRequest = Readonly<Record<never, never>>;
export interface GetFunctionsResponse {
  readonly functions?: Readonly<Record<string, Function>>;
  readonly diagnostics?: readonly Diagnostic[];
}
export interface CallFunctionRequest {
  readonly name?: string;
  readonly arguments?: readonly DynamicValue[];
}
export interface CallFunctionResponse {
  readonly result?: DynamicValue;
  readonly error?: FunctionError;
}
export interface ValidateActionConfigRequest {
  readonly type_name?: string;
  readonly config?: DynamicValue;
}
export interface ValidateActionConfigResponse {
  readonly diagnostics?: readonly Diagnostic[];
}
export interface PlanActionRequest {
  readonly action_type?: string;
  readonly config?: DynamicValue;
  readonly client_capabilities?: ClientCapabilities;
}
export interface PlanActionResponse {
  readonly diagnostics?: readonly Diagnostic[];
}
export interface InvokeActionRequest {
  readonly action_type?: string;
  readonly config?: DynamicValue;
  readonly client_capabilities?: ClientCapabilities;
}
export interface InvokeActionEvent {
  readonly progress?: InvokeActionEventProgress;
  readonly completed?: InvokeActionEventCompleted;
}
export interface InvokeActionEventProgress {
  readonly message?: string;
}
export interface InvokeActionEventCompleted {
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
  FunctionError: [[1,"text","string"], [2,"function_argument","int64"]],
  AttributePath: [[1,"steps","AttributePathStep","repeated"]],
  AttributePathStep: [[1,"attribute_name","string"], [2,"element_key_string","string"], [3,"element_key_int","int64"]],
  RawState: [[1,"json","bytes"], [2,"flatmap","string","map"]],
  ResourceIdentitySchema: [[1,"version","int64"], [2,"identity_attributes","ResourceIdentitySchemaIdentityAttribute","repeated"]],
  ResourceIdentitySchemaIdentityAttribute: [[1,"name","string"], [2,"type","bytes"], [3,"required_for_import","bool"], [4,"optional_for_import","bool"], [5,"description","string"]],
  ResourceIdentityData: [[1,"identity_data","DynamicValue"]],
  ActionSchema: [[1,"schema","Schema"]],
  Schema: [[1,"version","int64"], [2,"block","SchemaBlock"]],
  SchemaBlock: [[1,"version","int64"], [2,"attributes","SchemaAttribute","repeated"], [4,"description","string"], [5,"description_kind","int64"], [6,"deprecated","bool"]],
  SchemaAttribute: [[1,"name","string"], [2,"type","bytes"], [3,"description","string"], [4,"required","bool"], [5,"optional","bool"], [6,"computed","bool"], [7,"sensitive","bool"], [8,"description_kind","int64"], [9,"deprecated","bool"], [10,"nested_type","SchemaObject"], [11,"write_only","bool"]],
  SchemaObject: [[1,"attributes","SchemaAttribute","repeated"], [3,"nesting","int64"]],
  Function: [[1,"parameters","FunctionParameter","repeated"], [2,"variadic_parameter","FunctionParameter"], [3,"return","FunctionReturn"], [4,"summary","string"], [5,"description","string"], [6,"description_kind","int64"]],
  FunctionParameter: [[1,"name","string"], [2,"type","bytes"], [3,"allow_null_value","bool"], [4,"allow_unknown_values","bool"], [5,"description","string"], [6,"description_kind","int64"]],
  FunctionReturn: [[1,"type","bytes"]],
  ServerCapabilities: [[1,"plan_destroy","bool"], [2,"get_provider_schema_optional","bool"], [3,"move_resource_state","bool"], [4,"generate_resource_config","bool"]],
  ClientCapabilities: [[1,"deferral_allowed","bool"], [2,"write_only_attributes_allowed","bool"], [3,"store_planned_private","bool"]],
  GetMetadataRequest: [],
  GetMetadataResponse: [[1,"server_capabilities","ServerCapabilities"], [2,"diagnostics","Diagnostic","repeated"], [3,"data_sources","GetMetadataDataSourceMetadata","repeated"], [4,"resources","GetMetadataResourceMetadata","repeated"], [5,"functions","GetMetadataFunctionMetadata","repeated"], [6,"ephemeral_resources","GetMetadataEphemeralMetadata","repeated"], [7,"list_resources","GetMetadataListResourceMetadata","repeated"], [9,"actions","GetMetadataActionMetadata","repeated"]],
  GetMetadataDataSourceMetadata: [[1,"type_name","string"]],
  GetMetadataResourceMetadata: [[1,"type_name","string"]],
  GetMetadataFunctionMetadata: [[1,"name","string"]],
  GetMetadataEphemeralMetadata: [[1,"type_name","string"]],
  GetMetadataListResourceMetadata: [[1,"type_name","string"]],
  GetMetadataActionMetadata: [[1,"type_name","string"]],
  GetProviderSchemaRequest: [],
  GetProviderSchemaResponse: [[1,"provider","Schema"], [2,"resource_schemas","Schema","map"], [3,"data_source_schemas","Schema","map"], [4,"diagnostics","Diagnostic","repeated"], [5,"provider_meta","Schema"], [6,"server_capabilities","ServerCapabilities"], [7,"functions","Function","map"], [8,"ephemeral_resource_schemas","Schema","map"], [9,"list_resource_schemas","Schema","map"], [11,"action_schemas","ActionSchema","map"]],
  GetResourceIdentitySchemasRequest: [],
  GetResourceIdentitySchemasResponse: [[1,"identity_schemas","ResourceIdentitySchema","map"], [2,"diagnostics","Diagnostic","repeated"]],
  ValidateProviderConfigRequest: [[1,"config","DynamicValue"]],
  ValidateProviderConfigResponse: [[2,"diagnostics","Diagnostic","repeated"]],
  ValidateResourceConfigRequest: [[1,"type_name","string"], [2,"config","DynamicValue"], [3,"client_capabilities","ClientCapabilities"]],
  ValidateResourceConfigResponse: [[1,"diagnostics","Diagnostic","repeated"]],
  ValidateDataResourceConfigRequest: [[1,"type_name","string"], [2,"config","DynamicValue"]],
  ValidateDataResourceConfigResponse: [[1,"diagnostics","Diagnostic","repeated"]],
  UpgradeResourceStateRequest: [[1,"type_name","string"], [2,"version","int64"], [3,"raw_state","RawState"]],
  UpgradeResourceStateResponse: [[1,"upgraded_state","DynamicValue"], [2,"diagnostics","Diagnostic","repeated"]],
  UpgradeResourceIdentityRequest: [[1,"type_name","string"], [2,"version","int64"], [3,"raw_identity","RawState"]],
  UpgradeResourceIdentityResponse: [[1,"upgraded_identity","ResourceIdentityData"], [2,"diagnostics","Diagnostic","repeated"]],
  ConfigureProviderRequest: [[1,"terraform_version","string"], [2,"config","DynamicValue"], [3,"client_capabilities","ClientCapabilities"]],
  ConfigureProviderResponse: [[1,"diagnostics","Diagnostic","repeated"]],
  ReadResourceRequest: [[1,"type_name","string"], [2,"current_state","DynamicValue"], [3,"private","bytes"], [4,"provider_meta","DynamicValue"], [5,"client_capabilities","ClientCapabilities"], [6,"current_identity","ResourceIdentityData"]],
  ReadResourceResponse: [[1,"new_state","DynamicValue"], [2,"diagnostics","Diagnostic","repeated"], [3,"private","bytes"], [5,"new_identity","ResourceIdentityData"]],
  PlanResourceChangeRequest: [[1,"type_name","string"], [2,"prior_state","DynamicValue"], [3,"proposed_new_state","DynamicValue"], [4,"config","DynamicValue"], [5,"prior_private","bytes"], [6,"provider_meta","DynamicValue"], [7,"client_capabilities","ClientCapabilities"], [8,"prior_identity","ResourceIdentityData"], [9,"planned_private","bytes"]],
  PlanResourceChangeResponse: [[1,"planned_state","DynamicValue"], [2,"requires_replace","AttributePath","repeated"], [3,"planned_private","bytes"], [4,"diagnostics","Diagnostic","repeated"], [7,"planned_identity","ResourceIdentityData"]],
  ApplyResourceChangeRequest: [[1,"type_name","string"], [2,"prior_state","DynamicValue"], [3,"planned_state","DynamicValue"], [4,"config","DynamicValue"], [5,"planned_private","bytes"], [6,"provider_meta","DynamicValue"], [7,"planned_identity","ResourceIdentityData"]],
  ApplyResourceChangeResponse: [[1,"new_state","DynamicValue"], [2,"private","bytes"], [3,"diagnostics","Diagnostic","repeated"], [5,"new_identity","ResourceIdentityData"]],
  ImportResourceStateRequest: [[1,"type_name","string"], [2,"id","string"], [3,"client_capabilities","ClientCapabilities"], [4,"identity","ResourceIdentityData"]],
  ImportResourceStateImportedResource: [[1,"type_name","string"], [2,"state","DynamicValue"], [3,"private","bytes"], [4,"identity","ResourceIdentityData"]],
  ImportResourceStateResponse: [[1,"imported_resources","ImportResourceStateImportedResource","repeated"], [2,"diagnostics","Diagnostic","repeated"]],
  MoveResourceStateRequest: [[1,"source_provider_address","string"], [2,"source_type_name","string"], [3,"source_schema_version","int64"], [4,"source_state","RawState"], [5,"target_type_name","string"], [6,"source_private","bytes"], [7,"source_identity","RawState"], [8,"source_identity_schema_version","int64"]],
  MoveResourceStateResponse: [[1,"target_state","DynamicValue"], [2,"diagnostics","Diagnostic","repeated"], [3,"target_private","bytes"], [4,"target_identity","ResourceIdentityData"]],
  GenerateResourceConfigRequest: [[1,"type_name","string"], [2,"state","DynamicValue"]],
  GenerateResourceConfigResponse: [[1,"config","DynamicValue"], [2,"diagnostics","Diagnostic","repeated"]],
  ReadDataSourceRequest: [[1,"type_name","string"], [2,"config","DynamicValue"], [3,"provider_meta","DynamicValue"], [4,"client_capabilities","ClientCapabilities"]],
  ReadDataSourceResponse: [[1,"state","DynamicValue"], [2,"diagnostics","Diagnostic","repeated"]],
  ValidateListResourceConfigRequest: [[1,"type_name","string"], [2,"config","DynamicValue"], [3,"include_resource_object","DynamicValue"], [4,"limit","DynamicValue"]],
  ValidateListResourceConfigResponse: [[1,"diagnostics","Diagnostic","repeated"]],
  ListResourceRequest: [[1,"type_name","string"], [2,"config","DynamicValue"], [3,"include_resource_object","bool"], [4,"limit","int64"]],
  ListResourceEvent: [[1,"identity","ResourceIdentityData"], [2,"display_name","string"], [3,"resource_object","DynamicValue"], [4,"diagnostic","Diagnostic","repeated"]],
  ValidateEphemeralResourceConfigRequest: [[1,"type_name","string"], [2,"config","DynamicValue"]],
  ValidateEphemeralResourceConfigResponse: [[1,"diagnostics","Diagnostic","repeated"]],
  OpenEphemeralResourceRequest: [[1,"type_name","string"], [2,"config","DynamicValue"], [3,"client_capabilities","ClientCapabilities"]],
  OpenEphemeralResourceResponse: [[1,"diagnostics","Diagnostic","repeated"], [3,"result","DynamicValue"], [4,"private","bytes"]],
  RenewEphemeralResourceRequest: [[1,"type_name","string"], [2,"private","bytes"]],
  RenewEphemeralResourceResponse: [[1,"diagnostics","Diagnostic","repeated"], [3,"private","bytes"]],
  CloseEphemeralResourceRequest: [[1,"type_name","string"], [2,"private","bytes"]],
  CloseEphemeralResourceResponse: [[1,"diagnostics","Diagnostic","repeated"]],
  GetFunctionsRequest: [],
  GetFunctionsResponse: [[1,"functions","Function","map"], [2,"diagnostics","Diagnostic","repeated"]],
  CallFunctionRequest: [[1,"name","string"], [2,"arguments","DynamicValue","repeated"]],
  CallFunctionResponse: [[1,"result","DynamicValue"], [2,"error","FunctionError"]],
  ValidateActionConfigRequest: [[1,"type_name","string"], [2,"config","DynamicValue"]],
  ValidateActionConfigResponse: [[1,"diagnostics","Diagnostic","repeated"]],
  PlanActionRequest: [[1,"action_type","string"], [2,"config","DynamicValue"], [3,"client_capabilities","ClientCapabilities"]],
  PlanActionResponse: [[1,"diagnostics","Diagnostic","repeated"]],
  InvokeActionRequest: [[1,"action_type","string"], [2,"config","DynamicValue"], [3,"client_capabilities","ClientCapabilities"]],
  InvokeActionEvent: [[1,"progress","InvokeActionEventProgress"], [2,"completed","InvokeActionEventCompleted"]],
  InvokeActionEventProgress: [[1,"message","string"]],
  InvokeActionEventCompleted: [[1,"diagnostics","Diagnostic","repeated"]],
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
  FunctionError: FunctionError;
  AttributePath: AttributePath;
  AttributePathStep: AttributePathStep;
  RawState: RawState;
  ResourceIdentitySchema: ResourceIdentitySchema;
  ResourceIdentitySchemaIdentityAttribute: ResourceIdentitySchemaIdentityAttribute;
  ResourceIdentityData: ResourceIdentityData;
  ActionSchema: ActionSchema;
  Schema: Schema;
  SchemaBlock: SchemaBlock;
  SchemaAttribute: SchemaAttribute;
  SchemaObject: SchemaObject;
  Function: Function;
  FunctionParameter: FunctionParameter;
  FunctionReturn: FunctionReturn;
  ServerCapabilities: ServerCapabilities;
  ClientCapabilities: ClientCapabilities;
  GetMetadataRequest: GetMetadataRequest;
  GetMetadataResponse: GetMetadataResponse;
  GetMetadataDataSourceMetadata: GetMetadataDataSourceMetadata;
  GetMetadataResourceMetadata: GetMetadataResourceMetadata;
  GetMetadataFunctionMetadata: GetMetadataFunctionMetadata;
  GetMetadataEphemeralMetadata: GetMetadataEphemeralMetadata;
  GetMetadataListResourceMetadata: GetMetadataListResourceMetadata;
  GetMetadataActionMetadata: GetMetadataActionMetadata;
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
  UpgradeResourceIdentityRequest: UpgradeResourceIdentityRequest;
  UpgradeResourceIdentityResponse: UpgradeResourceIdentityResponse;
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
  MoveResourceStateRequest: MoveResourceStateRequest;
  MoveResourceStateResponse: MoveResourceStateResponse;
  GenerateResourceConfigRequest: GenerateResourceConfigRequest;
  GenerateResourceConfigResponse: GenerateResourceConfigResponse;
  ReadDataSourceRequest: ReadDataSourceRequest;
  ReadDataSourceResponse: ReadDataSourceResponse;
  ValidateListResourceConfigRequest: ValidateListResourceConfigRequest;
  ValidateListResourceConfigResponse: ValidateListResourceConfigResponse;
  ListResourceRequest: ListResourceRequest;
  ListResourceEvent: ListResourceEvent;
  ValidateEphemeralResourceConfigRequest: ValidateEphemeralResourceConfigRequest;
  ValidateEphemeralResourceConfigResponse: ValidateEphemeralResourceConfigResponse;
  OpenEphemeralResourceRequest: OpenEphemeralResourceRequest;
  OpenEphemeralResourceResponse: OpenEphemeralResourceResponse;
  RenewEphemeralResourceRequest: RenewEphemeralResourceRequest;
  RenewEphemeralResourceResponse: RenewEphemeralResourceResponse;
  CloseEphemeralResourceRequest: CloseEphemeralResourceRequest;
  CloseEphemeralResourceResponse: CloseEphemeralResourceResponse;
  GetFunctionsRequest: GetFunctionsRequest;
  GetFunctionsResponse: GetFunctionsResponse;
  CallFunctionRequest: CallFunctionRequest;
  CallFunctionResponse: CallFunctionResponse;
  ValidateActionConfigRequest: ValidateActionConfigRequest;
  ValidateActionConfigResponse: ValidateActionConfigResponse;
  PlanActionRequest: PlanActionRequest;
  PlanActionResponse: PlanActionResponse;
  InvokeActionRequest: InvokeActionRequest;
  InvokeActionEvent: InvokeActionEvent;
  InvokeActionEventProgress: InvokeActionEventProgress;
  InvokeActionEventCompleted: InvokeActionEventCompleted;
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
  "/tfplugin6.Provider/UpgradeResourceIdentity": ["UpgradeResourceIdentityRequest", "UpgradeResourceIdentityResponse"],
  "/tfplugin6.Provider/ConfigureProvider": ["ConfigureProviderRequest", "ConfigureProviderResponse"],
  "/tfplugin6.Provider/ReadResource": ["ReadResourceRequest", "ReadResourceResponse"],
  "/tfplugin6.Provider/PlanResourceChange": ["PlanResourceChangeRequest", "PlanResourceChangeResponse"],
  "/tfplugin6.Provider/ApplyResourceChange": ["ApplyResourceChangeRequest", "ApplyResourceChangeResponse"],
  "/tfplugin6.Provider/ImportResourceState": ["ImportResourceStateRequest", "ImportResourceStateResponse"],
  "/tfplugin6.Provider/MoveResourceState": ["MoveResourceStateRequest", "MoveResourceStateResponse"],
  "/tfplugin6.Provider/GenerateResourceConfig": ["GenerateResourceConfigRequest", "GenerateResourceConfigResponse"],
  "/tfplugin6.Provider/ReadDataSource": ["ReadDataSourceRequest", "ReadDataSourceResponse"],
  "/tfplugin6.Provider/ValidateListResourceConfig": ["ValidateListResourceConfigRequest", "ValidateListResourceConfigResponse"],
  "/tfplugin6.Provider/ListResource": ["ListResourceRequest", "ListResourceEvent", "server"],
  "/tfplugin6.Provider/ValidateEphemeralResourceConfig": ["ValidateEphemeralResourceConfigRequest", "ValidateEphemeralResourceConfigResponse"],
  "/tfplugin6.Provider/OpenEphemeralResource": ["OpenEphemeralResourceRequest", "OpenEphemeralResourceResponse"],
  "/tfplugin6.Provider/RenewEphemeralResource": ["RenewEphemeralResourceRequest", "RenewEphemeralResourceResponse"],
  "/tfplugin6.Provider/CloseEphemeralResource": ["CloseEphemeralResourceRequest", "CloseEphemeralResourceResponse"],
  "/tfplugin6.Provider/GetFunctions": ["GetFunctionsRequest", "GetFunctionsResponse"],
  "/tfplugin6.Provider/CallFunction": ["CallFunctionRequest", "CallFunctionResponse"],
  "/tfplugin6.Provider/ValidateActionConfig": ["ValidateActionConfigRequest", "ValidateActionConfigResponse"],
  "/tfplugin6.Provider/PlanAction": ["PlanActionRequest", "PlanActionResponse"],
  "/tfplugin6.Provider/InvokeAction": ["InvokeActionRequest", "InvokeActionEvent", "server"],
  "/tfplugin6.Provider/StopProvider": ["StopProviderRequest", "StopProviderResponse"],
  "/plugin.GRPCController/Shutdown": ["Empty", "Empty"],
  "/plugin.GRPCBroker/StartStream": ["ConnInfo", "ConnInfo", "both"],
  "/plugin.GRPCStdio/StreamStdio": ["Empty", "StdioData", "server"],
  "/grpc.health.v1.Health/Check": ["HealthCheckRequest", "HealthCheckResponse"],
} as const;
