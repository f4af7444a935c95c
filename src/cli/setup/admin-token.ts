import { execFile } from "node:child_process";
import { PhotodriftError } from "../../model/errors.js";

const AZ_TIMEOUT_MS = 60_000;

/**
 * An administrator's token for Microsoft Graph: PHOTODRIFT_ADMIN_TOKEN, else of whoever is signed in with the Azure CLI; null where there is
 * neither. It is used in this process only, never written and never shown.
 * @param graph origin of Graph @param askAz false for clouds that the Azure CLI does not know
 */
export async function adminToken(graph: string, env: NodeJS.ProcessEnv, askAz: boolean): Promise<string | null> {
  const given = (env["PHOTODRIFT_ADMIN_TOKEN"] ?? "").trim().replace(/^Bearer\s+/i, "");
  if (given !== "") {
    if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(given)) return given;
    throw new PhotodriftError(
      "admin-token",
      "PHOTODRIFT_ADMIN_TOKEN holds no access token.",
      "Set it to what `az account get-access-token --resource-type ms-graph --query accessToken --output tsv` prints.",
      "usage",
    );
  }
  return askAz ? azureCliToken(graph) : null;
}

function azureCliToken(graph: string): Promise<string | null> {
  const args = ["account", "get-access-token", "--resource", graph, "--query", "accessToken", "--output", "tsv"];
  // On Windows az is a batch file, which needs the command interpreter; no argument comes from outside.
  const options = { timeout: AZ_TIMEOUT_MS, shell: process.platform === "win32", windowsHide: true };
  return new Promise((resolve) => {
    execFile("az", args, options, (error, stdout) => {
      const token = stdout.trim();
      resolve(error === null && token !== "" ? token : null);
    });
  });
}
