import { z } from "zod";
import { PhotodriftError } from "../model/errors.js";
import { SERVICE_APP_IDS, SERVICE_NAMES, type PermissionService } from "../model/permissions.js";
import { keyCredential, requiredResourceAccess, servicesOf, type Registration } from "./registration.js";

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
const accessSchema = z.array(
  z.object({ resourceAppId: z.string(), resourceAccess: z.array(z.object({ id: z.string(), type: z.string() })) }),
);
const applicationSchema = z.looseObject({
  id: z.string().min(1),
  appId: z.string().min(1),
  displayName: z.string().nullish(),
  requiredResourceAccess: accessSchema.default([]),
  keyCredentials: z.array(keySchema).default([]),
});
type Application = z.output<typeof applicationSchema>;
const principalSchema = z.looseObject({ id: z.string().min(1), appId: z.string() });
const assignmentSchema = z.looseObject({ id: z.string(), resourceId: z.string(), appRoleId: z.string() });

/** One change of the directory, in words, and how it is made. */
export interface RegistrationStep {
  readonly words: string;
  readonly kind: "create" | "change" | "grant" | "revoke";
}

/** What is there, and what is to be done. */
export interface RegistrationPlan {
  readonly application: Application | null;
  /** Id of the application's service principal. */
  readonly principalId: string | null;
  readonly steps: readonly RegistrationStep[];
  readonly missing: readonly Grant[];
  readonly superfluous: readonly (Grant & { readonly assignmentId: string })[];
  readonly changes: Readonly<Record<string, unknown>>;
}

interface Grant {
  readonly service: PermissionService;
  readonly resourceId: string;
  readonly roleId: string;
  readonly name: string;
}

/**
 * Looks at the directory and tells what `carryOut` would do; writes nothing. An application is found by its client id, else by its name.
 * Throws PhotodriftError `app-unknown`, `app-ambiguous`, `service-missing`, or those of the connection.
 */
export async function planRegistration(graph: AdminGraph, registration: Registration): Promise<RegistrationPlan> {
  const application = await findApplication(graph, registration);
  const steps: RegistrationStep[] = [];
  const changes: Record<string, unknown> = {};
  const { displayName, certificate } = registration;
  if (application === null) {
    steps.push({
      kind: "create",
      words: `make the app registration "${displayName}" with the certificate ${certificate.thumbprint}`,
    });
  } else {
    if (!hasKey(application, registration)) {
      changes["keyCredentials"] = [...application.keyCredentials, keyCredential(certificate)];
      steps.push({
        kind: "change",
        words: `add the certificate ${certificate.thumbprint} to "${application.displayName ?? application.appId}"`,
      });
    }
    const wanted = requiredResourceAccess(registration.permissions);
    if (!sameAccess(application.requiredResourceAccess, wanted)) {
      changes["requiredResourceAccess"] = wanted;
      steps.push({
        kind: "change",
        words: `list exactly the permissions of ${registration.mode} in "${application.displayName ?? application.appId}"`,
      });
    }
  }
  const principal = application === null ? null : await findPrincipal(graph, application.appId);
  if (principal === null) steps.push({ kind: "create", words: "make its service principal (enterprise application)" });
  const granted = principal === null ? [] : await assignmentsOf(graph, principal.id);
  const wanted = await wantedGrants(graph, registration);
  const missing = wanted.filter((grant) => !granted.some((one) => sameGrant(one, grant)));
  const resources = new Map(wanted.map(({ resourceId, service }) => [resourceId, service]));
  const superfluous = granted.flatMap(({ id, resourceId, appRoleId }) => {
    const service = resources.get(resourceId);
    if (service === undefined || wanted.some((grant) => sameGrant({ resourceId, appRoleId }, grant))) return [];
    return [{ service, resourceId, roleId: appRoleId, name: appRoleId, assignmentId: id }];
  });
  for (const { name, service } of missing)
    steps.push({ kind: "grant", words: `grant ${name} of ${SERVICE_NAMES[service]} (administrator's consent)` });
  return { application, principalId: principal?.id ?? null, steps, missing, superfluous, changes };
}

/** Makes what the plan says. Returns the client id. Permissions beyond the mode are left: others may rely on them. */
export async function carryOut(
  graph: AdminGraph,
  registration: Registration,
  plan: RegistrationPlan,
  sleep: (ms: number) => Promise<void>,
): Promise<string> {
  let { application } = plan;
  if (application === null) {
    const made = await graph.post("/applications", newApplication(registration), "make the app registration");
    application = read(applicationSchema, made, "the new app registration");
  } else if (Object.keys(plan.changes).length > 0) {
    await graph.patch(`/applications/${application.id}`, plan.changes, "change the app registration");
  }
  const { appId } = application;
  const principalId = plan.principalId ?? (await settled(sleep, () => makePrincipal(graph, appId)));
  for (const { resourceId, roleId, name } of plan.missing) {
    const body = { principalId, resourceId, appRoleId: roleId };
    await settled(sleep, () =>
      graph.post(`/servicePrincipals/${principalId}/appRoleAssignments`, body, `grant ${name}`),
    );
  }
  return appId;
}

function newApplication(registration: Registration): object {
  return {
    displayName: registration.displayName,
    signInAudience: "AzureADMyOrg",
    requiredResourceAccess: requiredResourceAccess(registration.permissions),
    keyCredentials: [keyCredential(registration.certificate)],
  };
}

async function makePrincipal(graph: AdminGraph, appId: string): Promise<string> {
  const made = await graph.post("/servicePrincipals", { appId }, "make the service principal");
  return read(principalSchema, made, "the new service principal").id;
}

async function findApplication(graph: AdminGraph, registration: Registration): Promise<Application | null> {
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

async function findPrincipal(graph: AdminGraph, appId: string): Promise<z.output<typeof principalSchema> | null> {
  const filter = encodeURIComponent(`appId eq '${appId}'`);
  const [found] = await graph.list(
    `/servicePrincipals?$filter=${filter}&$select=id,appId`,
    "look for a service principal",
  );
  return found === undefined ? null : read(principalSchema, found, "the service principal");
}

async function assignmentsOf(graph: AdminGraph, principalId: string): Promise<z.output<typeof assignmentSchema>[]> {
  const all = await graph.list(`/servicePrincipals/${principalId}/appRoleAssignments`, "read the granted permissions");
  return all.map((one) => read(assignmentSchema, one, "a granted permission"));
}

async function wantedGrants(graph: AdminGraph, { permissions }: Registration): Promise<readonly Grant[]> {
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

const LAG_TRIES = 8;
const LAG_FIRST_MS = 500;

/** What was just made is not known at once everywhere: answers that say so are asked again, over a minute at most. */
async function settled<T>(sleep: (ms: number) => Promise<void>, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isLag(error) || tries >= LAG_TRIES) throw error;
      await sleep(Math.min(LAG_FIRST_MS * 2 ** tries, 15_000));
    }
  }
}

function isLag(error: unknown): boolean {
  if (!(error instanceof PhotodriftError)) return false;
  const words =
    /does not reference a valid application|does not exist or one of its queried reference-property|Not a valid reference/i;
  return words.test(error.message);
}

function hasKey(application: Application, { certificate }: Registration): boolean {
  const thumbprint = Buffer.from(certificate.thumbprint, "hex").toString("base64");
  return application.keyCredentials.some(
    ({ key, customKeyIdentifier }) =>
      key === certificate.base64 ||
      customKeyIdentifier === thumbprint ||
      customKeyIdentifier === certificate.thumbprint,
  );
}

function sameAccess(a: z.output<typeof accessSchema>, b: ReturnType<typeof requiredResourceAccess>): boolean {
  const flat = (list: readonly { resourceAppId: string; resourceAccess: readonly { id: string; type: string }[] }[]) =>
    list
      .flatMap(({ resourceAppId, resourceAccess }) =>
        resourceAccess.map(({ id, type }) => `${resourceAppId} ${id} ${type}`),
      )
      .sort()
      .join();
  return flat(a) === flat(b);
}

function sameGrant(a: { readonly resourceId: string; readonly appRoleId: string }, b: Grant): boolean {
  return a.resourceId === b.resourceId && a.appRoleId === b.roleId;
}

function read<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new PhotodriftError(
    "unexpected-answer",
    `Microsoft Graph answered something unexpected for ${what}.`,
    "Nothing more was done. Run it again, or use setup/register-app.sh or setup/register-app.ps1.",
  );
}
