import { z } from "zod";
import { PhotodriftError } from "../model/errors.js";
import { SERVICE_APP_IDS, SERVICE_NAMES, type PermissionService } from "../model/permissions.js";
import { servicesOf, type Registration } from "./registration.js";

/*
 * What an administrator's Graph says of the directory: the application, its service principal and its grants. Reading only.
 */

/** Microsoft Graph with an administrator's token: JSON in, JSON out. Paths below /v1.0. Throws PhotodriftError. */
export interface AdminGraph {
  get(path: string, asks: string): Promise<unknown>;
  /** All rows of a collection. */
  list(path: string, asks: string): Promise<readonly unknown[]>;
  /** 201 with a body, or 204 without. */
  post(path: string, body: object, asks: string): Promise<unknown>;
  patch(path: string, body: object, asks: string): Promise<void>;
}

const keySchema = z.looseObject({ customKeyIdentifier: z.string().nullish(), key: z.string().nullish() });
export const accessSchema = z.array(
  z.object({ resourceAppId: z.string(), resourceAccess: z.array(z.object({ id: z.string(), type: z.string() })) }),
);
export const applicationSchema = z.looseObject({
  id: z.string().min(1),
  appId: z.string().min(1),
  displayName: z.string().nullish(),
  requiredResourceAccess: accessSchema.default([]),
  keyCredentials: z.array(keySchema).default([]),
});
export type Application = z.output<typeof applicationSchema>;
export const principalSchema = z.looseObject({ id: z.string().min(1), appId: z.string() });
const assignmentSchema = z.looseObject({ id: z.string(), resourceId: z.string(), appRoleId: z.string() });

export interface Grant {
  readonly service: PermissionService;
  readonly resourceId: string;
  readonly roleId: string;
  readonly name: string;
}

/**
 * The application that the registration names, by its id or else by its name; null where there is none yet.
 * @throws PhotodriftError `app-unknown` for an id that the tenant does not have, `app-ambiguous` for a name that several bear
 */
export async function findApplication(graph: AdminGraph, registration: Registration): Promise<Application | null> {
  const { clientId, displayName } = registration;
  const filter = clientId === null ? `displayName eq '${displayName.replaceAll("'", "''")}'` : `appId eq '${clientId}'`;
  const found = await graph.list(
    `/applications?$filter=${encodeURIComponent(filter)}&$select=id,appId,displayName`,
    "look for the app registration",
  );
  if (found.length === 0 && clientId !== null) {
    throw new PhotodriftError(
      "app-unknown",
      `This tenant has no app registration with the client id ${clientId}.`,
      "Give the right --client-id, or take credential.clientId out of the configuration to have a new one made.",
      "usage",
    );
  }
  if (found.length > 1) {
    throw new PhotodriftError(
      "app-ambiguous",
      `${found.length} app registrations are named "${displayName}".`,
      "Name one with --client-id, or take another name with --name.",
      "usage",
    );
  }
  const [first] = found;
  if (first === undefined) return null;
  const { id } = read(z.looseObject({ id: z.string().min(1) }), first, "the app registration");
  // Keys come only where they are asked for by name, of a single application.
  const select = "id,appId,displayName,requiredResourceAccess,keyCredentials";
  const whole = await graph.get(`/applications/${id}?$select=${select}`, "read the app registration");
  return read(applicationSchema, whole, "the app registration");
}

export async function findPrincipal(
  graph: AdminGraph,
  appId: string,
): Promise<z.output<typeof principalSchema> | null> {
  const filter = encodeURIComponent(`appId eq '${appId}'`);
  const [found] = await graph.list(
    `/servicePrincipals?$filter=${filter}&$select=id,appId`,
    "look for a service principal",
  );
  return found === undefined ? null : read(principalSchema, found, "the service principal");
}

export async function assignmentsOf(
  graph: AdminGraph,
  principalId: string,
): Promise<z.output<typeof assignmentSchema>[]> {
  const all = await graph.list(`/servicePrincipals/${principalId}/appRoleAssignments`, "read the granted permissions");
  return all.map((one) => read(assignmentSchema, one, "a granted permission"));
}

/**
 * What has to be granted: each permission with the tenant's own object id of the service that grants it.
 * @throws PhotodriftError `service-missing` where the tenant does not have the service
 */
export async function wantedGrants(graph: AdminGraph, { permissions }: Registration): Promise<readonly Grant[]> {
  const ids = new Map<PermissionService, string>();
  for (const service of servicesOf(permissions)) {
    const principal = await findPrincipal(graph, SERVICE_APP_IDS[service]);
    if (principal === null) {
      throw new PhotodriftError(
        "service-missing",
        `This tenant has no service principal of ${SERVICE_NAMES[service]} (${SERVICE_APP_IDS[service]}).`,
        "The service comes with its licence: check that this is the right tenant.",
      );
    }
    ids.set(service, principal.id);
  }
  return permissions.map(({ service, name, id }) => ({
    service,
    name,
    roleId: id,
    resourceId: ids.get(service) ?? "",
  }));
}

/** An answer of Graph as the schema describes it. @throws PhotodriftError `unexpected-answer` for any other */
export function read<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new PhotodriftError(
    "unexpected-answer",
    `Microsoft Graph answered something unexpected for ${what}.`,
    "Nothing more was done. Run it again, or use setup/register-app.sh or setup/register-app.ps1.",
  );
}
