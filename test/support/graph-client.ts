import { ClientSecretCredential } from "@azure/identity";
import { Client } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";
import { Agent } from "undici";
import type { TestSandbox } from "./sandbox.js";

/** The vendors' own Graph client and credential, pointed at a sandbox as facts/dependencies.md 1.4 and section 2 describe. */
export function vendorGraphClient(sandbox: TestSandbox): Client {
  const credential = new ClientSecretCredential(sandbox.tenantId, sandbox.clientId, sandbox.clientSecret, {
    authorityHost: sandbox.origins.login,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: sandbox.ca },
  });
  // `dispatcher` is Node's own addition to the options of fetch.
  const fetchOptions = { dispatcher: new Agent({ connect: { ca: sandbox.ca } }) } as unknown as RequestInit;
  const scopes = ["https://graph.microsoft.com/.default"];
  return Client.initWithMiddleware({
    authProvider: new TokenCredentialAuthenticationProvider(credential, { scopes }),
    baseUrl: `${sandbox.origins.graph}/`,
    customHosts: new Set(["127.0.0.1"]),
    fetchOptions,
  });
}
