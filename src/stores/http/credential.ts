import type { CredentialConfig } from "../../model/config.js";
import { PhotodriftError } from "../../model/errors.js";
import { readKeyPair, requireLive } from "../certificate/index.js";
import { createLoginClient, type LoginClient } from "./login-client.js";
import { loginCode } from "./login-failures.js";
import type { Door } from "./types.js";
import { messageOf } from "../../model/caught.js";

/** The part of the login library's credentials that is used. */
export interface TokenCredential {
  getToken(scope: string): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}

export interface CredentialOptions {
  readonly credential: CredentialConfig;
  readonly tenantId: string;
  /** Origin of the login. */
  readonly login: string;
  readonly door: Door;
  /** PEM text of extra authorities, for the requests that the login library sends by itself (Azure CLI, broker …). */
  readonly ca?: string | undefined;
}

/**
 * The credential that the configuration names, with an empty token cache. The library is loaded when the first token is needed, it is slow
 * to load. Its requests go through the door. Errors: PhotodriftError `certificate-unreadable` (usage), `certificate-expired`,
 * `certificate-early`, `login-failed`.
 */
export async function createCredential(options: CredentialOptions): Promise<TokenCredential> {
  const client = createLoginClient(options.door);
  const credential = await libraryCredential(options, client);
  return {
    async getToken(scope) {
      try {
        return await credential.getToken(scope);
      } catch (error) {
        const failure = client.failure();
        if (loginCode(error) !== "" || failure === null || failure.message === "") throw error;
        throw failure;
      }
    },
  };
}

async function libraryCredential(options: CredentialOptions, client: LoginClient): Promise<TokenCredential> {
  const { credential, tenantId } = options;
  const pem = credential.kind === "certificate" ? await livePem(credential, options.door.timer.now()) : "";
  const identity = await import("@azure/identity");
  const common = {
    authorityHost: options.login,
    // Without it the library asks the public cloud about a host it does not know (facts/graph-entra-exchange.md 6.1).
    disableInstanceDiscovery: true,
    httpClient: client,
    retryOptions: { maxRetries: 0 },
    ...(options.ca === undefined ? {} : { tlsOptions: { ca: options.ca } }),
  };
  try {
    switch (credential.kind) {
      case "certificate":
        return new identity.ClientCertificateCredential(tenantId, credential.clientId, { certificate: pem }, common);
      case "client-secret":
        return new identity.ClientSecretCredential(
          tenantId,
          credential.clientId,
          credential.clientSecret.reveal(),
          common,
        );
      case "managed-identity":
        return new identity.ManagedIdentityCredential({
          ...common,
          retryOptions: { maxRetries: 3 },
          ...(credential.clientId === null ? {} : { clientId: credential.clientId }),
        });
      case "workload-identity":
        return new identity.WorkloadIdentityCredential({
          ...common,
          tenantId,
          ...(credential.clientId === null ? {} : { clientId: credential.clientId }),
        });
      case "default":
        return new identity.DefaultAzureCredential({
          ...common,
          tenantId,
          ...(credential.clientId === null ? {} : { managedIdentityClientId: credential.clientId }),
        });
    }
  } catch (error) {
    throw new PhotodriftError(
      "credential-unusable",
      `the credential of kind ${credential.kind} cannot be used: ${messageOf(error)}`,
      "check the credential section of the config, and the environment variables the kind needs",
      "usage",
    );
  }
}

type CertificateCredential = CredentialConfig & { readonly kind: "certificate" };

async function livePem({ certificatePath, certificatePassword }: CertificateCredential, now: number): Promise<string> {
  const pair = await readKeyPair(certificatePath, certificatePassword?.reveal() ?? null);
  requireLive(pair, certificatePath, now);
  return pair.pem;
}
