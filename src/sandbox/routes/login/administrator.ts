/** App id of the Azure CLI, which asks for a signed-in administrator's tokens. */
export const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/** Delegated scopes that the Azure CLI's tokens for Graph carry, as far as registering an application needs them. */
export const ADMIN_SCOPES: readonly string[] = [
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "Directory.AccessAsUser.All",
  "Directory.Read.All",
];
