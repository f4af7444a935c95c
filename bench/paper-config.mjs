/** A configuration by which the commands that only read find a state that was made without a tenant. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** @returns the path of the configuration */
export async function paperConfig(folder, state) {
  await mkdir(path.join(folder, "photos"), { recursive: true });
  await writeFile(path.join(folder, "app.pem"), "no key: nothing is asked for\n");
  const config = path.join(folder, "photodrift.yaml");
  const lines = [
    "tenant: { id: contoso.com, name: contoso }",
    "credential: { kind: certificate, clientId: 299b496c-6af0-4fac-a3ea-6143b1ecf6ed, certificatePath: ./app.pem }",
    "source: { folder: ./photos }",
    `state: ${state}`,
    "reports: ./reports",
  ];
  await writeFile(config, `${lines.join("\n")}\n`);
  return config;
}
