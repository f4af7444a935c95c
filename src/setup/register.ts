import type { z } from "zod";
import { PhotodriftError } from "../model/errors.js";
import { SERVICE_NAMES } from "../model/permissions.js";
import {
  applicationSchema,
  assignmentsOf,
  findApplication,
  findPrincipal,
  principalSchema,
  read,
  wantedGrants,
  type accessSchema,
  type AdminGraph,
  type Application,
  type Grant,
} from "./directory.js";
import { keyCredential, requiredResourceAccess, type Registration } from "./registration.js";

export type { AdminGraph } from "./directory.js";

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
