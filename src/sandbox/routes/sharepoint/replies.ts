import type { SandboxResponse } from "../../http.js";
import { invalidQuery } from "./errors.js";
import type { Call } from "./odata.js";

/** Properties of an entity; a nested record is a complex property or, when it is expanded, another entity. */
export type Properties = { readonly [name: string]: unknown };

/** An entity: its properties, its OData type, its address below `/_api/`, and what `$expand` may add. */
export interface Entity {
  readonly type: string;
  readonly path: string;
  readonly properties: Properties;
  readonly expandable?: { readonly [name: string]: () => Promise<Properties> };
}

const CONTENT_TYPES = {
  verbose: "application/json;odata=verbose;charset=utf-8",
  minimal: "application/json;odata=minimalmetadata;streaming=true;charset=utf-8",
  none: "application/json;odata=nometadata;streaming=true;charset=utf-8",
} as const;

export function json(
  call: Call,
  status: number,
  body: unknown,
  headers: { readonly [name: string]: string } = {},
): SandboxResponse {
  const type = CONTENT_TYPES[call.format ?? "minimal"];
  return { status, headers: { "content-type": type, ...headers }, body: JSON.stringify(body) };
}

/** 200 with nothing to say: what PeopleManager answers to writes and for users it does not know. */
export function odataNull(call: Call, functionName: string): SandboxResponse {
  return json(call, 200, call.format === "verbose" ? { d: { [functionName]: null } } : { "odata.null": true });
}

/** The value of one property or function. */
export function valueReply(call: Call, name: string, value: unknown, edmType: string): SandboxResponse {
  if (call.format === "verbose") return json(call, 200, { d: { [name]: value } });
  if (call.format === "none") return json(call, 200, { value });
  return json(call, 200, { "odata.metadata": `${call.origin}/_api/$metadata#${edmType}`, value });
}

function namesOf(option: string | undefined): string[] {
  return (option ?? "").split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
}

/** The properties that $select and $expand leave, or the name of one that does not exist. */
export async function project(call: Call, entity: Entity): Promise<Properties | { readonly unknown: string }> {
  const select = namesOf(call.query.get("$select"));
  const { properties, expandable = {} } = entity;
  const expanded = await expand(expandable, namesOf(call.query.get("$expand")));
  if (select.length === 0 || select.includes("*")) return { ...properties, ...expanded };
  const chosen: { [name: string]: unknown } = {};
  for (const wanted of select) {
    const [head = "", inner] = wanted.split("/");
    const own = keyOf(properties, head);
    const name = own ?? keyOf(expandable, head);
    if (name === undefined) return { unknown: head };
    const value = own === undefined ? expanded[name] : properties[name];
    if (inner === undefined) {
      if (value !== undefined) chosen[name] = value;
      continue;
    }
    // Selecting into something that is not expanded: the service asks for the expansion.
    const part = value === undefined ? undefined : memberOf(value as Properties, inner);
    if (part === undefined) return { unknown: value === undefined ? wanted : inner };
    chosen[name] = { ...(chosen[name] as Properties | undefined), ...part };
  }
  return chosen;
}

async function expand(
  expandable: NonNullable<Entity["expandable"]>,
  wanted: readonly string[],
): Promise<{ readonly [name: string]: Properties }> {
  const expanded: { [name: string]: Properties } = {};
  for (const [name, make] of Object.entries(expandable))
    if (wanted.some((one) => one.toLowerCase() === name.toLowerCase())) expanded[name] = await make();
  return expanded;
}

/** The member of that name in any case. */
function keyOf(of: Properties, name: string): string | undefined {
  return Object.keys(of).find((key) => key.toLowerCase() === name.toLowerCase());
}

/** One member of an expanded entity as an entity of its own; what is null stays so. undefined: there is no such member. */
function memberOf(whole: Properties, name: string): Properties | undefined {
  if (whole["odata.null"] === true) return whole;
  const found = keyOf(whole, name);
  return found === undefined ? undefined : { [found]: whole[found] };
}

function isUnknown(value: Properties | { readonly unknown: string }): value is { readonly unknown: string } {
  return "unknown" in value && Object.keys(value).length === 1;
}

function dressed(call: Call, entity: Entity, properties: Properties): Properties {
  const id = `${call.origin}/_api/${entity.path}`;
  if (call.format === "none") return properties;
  if (call.format === "verbose") return { __metadata: { id, uri: id, type: entity.type }, ...properties };
  return { "odata.type": entity.type, "odata.id": id, "odata.editLink": entity.path, ...properties };
}

/** One entity in the form the client asked for; 400 when $select names a property that does not exist. */
export async function entityReply(
  call: Call,
  entity: Entity,
  headers: { readonly [name: string]: string } = {},
): Promise<SandboxResponse> {
  const properties = await project(call, entity);
  if (isUnknown(properties)) return invalidQuery(call, properties.unknown);
  const body = dressed(call, entity, properties);
  if (call.format === "verbose") return json(call, 200, { d: body }, headers);
  if (call.format === "none") return json(call, 200, body, headers);
  return json(call, 200, { "odata.metadata": `${call.origin}/_api/$metadata#SP.ApiData/@Element`, ...body }, headers);
}

/** A collection; `next` is the absolute address of the next page. */
export async function collectionReply(
  call: Call,
  entities: readonly Entity[],
  next: string | null = null,
): Promise<SandboxResponse> {
  const rows: Properties[] = [];
  for (const entity of entities) {
    const properties = await project(call, entity);
    if (isUnknown(properties)) return invalidQuery(call, properties.unknown);
    rows.push(dressed(call, entity, properties));
  }
  if (call.format === "verbose")
    return json(call, 200, { d: { results: rows, ...(next === null ? {} : { __next: next }) } });
  const link = next === null ? {} : { "odata.nextLink": next };
  if (call.format === "none") return json(call, 200, { ...link, value: rows });
  return json(call, 200, { "odata.metadata": `${call.origin}/_api/$metadata#SP.ApiData`, ...link, value: rows });
}

export function bytesReply(bytes: Buffer, headers: { readonly [name: string]: string }): SandboxResponse {
  return { status: 200, headers: { "content-type": "application/octet-stream", ...headers }, body: bytes };
}

export function noContent(headers: { readonly [name: string]: string } = {}): SandboxResponse {
  return { status: 204, headers, body: "" };
}
