import { stringify } from "yaml";
import type { Schedule } from "../../model/schedule.js";
import { notesOf, notExportable, safeName, type ExportedFile, type ExportPlaces } from "./command.js";
import { containerArguments, MOUNTS, type ContainerConfig } from "./container.js";
import { fiveFields } from "./crontab.js";

const MOST_SECONDS = 12 * 3_600;
const UTC_NAMES = new Set(["UTC", "Etc/UTC", "Etc/GMT", "GMT", "Z", "Zulu"]);

/**
 * A scheduled job of Azure Container Apps for `az containerapp job create --yaml` (Microsoft.App/jobs,
 * learn.microsoft.com/azure/container-apps/jobs and /azure-resource-manager-api-spec). Its cron expressions count in UTC.
 * @throws PhotodriftError `schedule-export` when the schedule counts seconds or in another zone
 */
export function toContainerApps(
  schedule: Schedule,
  places: ExportPlaces,
  configs: readonly ContainerConfig[],
): readonly ExportedFile[] {
  if (!UTC_NAMES.has(schedule.timezone)) {
    throw notExportable(
      schedule,
      "container-apps",
      `Container Apps counts in UTC only, and the schedule in ${schedule.timezone}`,
    );
  }
  const config = configs.find(({ file }) => file === schedule.config);
  const environment = config?.environment ?? [];
  const files = config?.files ?? [];
  const secretOf = (name: string): string =>
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "");
  const key = config?.key ?? "photodrift.yaml";
  const job = {
    location: "REGION",
    type: "Microsoft.App/jobs",
    properties: {
      environmentId:
        "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.App/managedEnvironments/ENVIRONMENT",
      configuration: {
        triggerType: "Schedule",
        scheduleTriggerConfig: {
          cronExpression: fiveFields(schedule, "container-apps"),
          parallelism: 1,
          replicaCompletionCount: 1,
        },
        replicaRetryLimit: 0,
        replicaTimeout: MOST_SECONDS,
        secrets: [
          { name: secretOf(key), value: config?.text ?? "" },
          ...[...files.map(({ name }) => name), ...environment].map((name) => ({
            name: secretOf(name),
            keyVaultUrl: `https://VAULT.vault.azure.net/secrets/${secretOf(name)}`,
            identity: "system",
          })),
        ],
      },
      template: {
        containers: [
          {
            name: "photodrift",
            image: places.image,
            args: [...containerArguments(schedule, configs)],
            resources: { cpu: 1, memory: "2Gi" },
            env: environment.map((name) => ({ name, secretRef: secretOf(name) })),
            volumeMounts: [
              { volumeName: "config", mountPath: MOUNTS.config },
              ...(files.length > 0 ? [{ volumeName: "files", mountPath: MOUNTS.files }] : []),
              { volumeName: "source", mountPath: MOUNTS.source },
              { volumeName: "state", mountPath: MOUNTS.state },
              { volumeName: "reports", mountPath: MOUNTS.reports },
            ],
          },
        ],
        volumes: [
          { name: "config", storageType: "Secret", secrets: [{ secretRef: secretOf(key), path: key }] },
          ...(files.length > 0
            ? [
                {
                  name: "files",
                  storageType: "Secret",
                  secrets: files.map(({ name }) => ({ secretRef: secretOf(name), path: name })),
                },
              ]
            : []),
          { name: "source", storageType: "AzureFile", storageName: "photodrift-source" },
          { name: "state", storageType: "NfsAzureFile", storageName: "photodrift-state" },
          { name: "reports", storageType: "NfsAzureFile", storageName: "photodrift-reports" },
        ],
      },
    },
    identity: { type: "SystemAssigned" },
  };
  const name = safeName(schedule.name).slice(0, 32).replace(/-+$/, "");
  const notes = [
    ...notesOf(schedule),
    `az containerapp job create --name ${name} --resource-group GROUP --yaml ${name}.containerapp.yaml`,
    "Words in capitals are yours to fill in; the secrets come from a key vault that the job's identity may read. The state is a database:",
    "an SMB share (AzureFile) does not carry it, an NFS share does, with one job at a time.",
    "Exit code 2 (drift found) counts as a failed execution.",
    ...(schedule.suspend ? ["Suspended: do not create it, or set triggerType to Manual."] : []),
  ];
  const content = `${notes.map((note) => `# ${note}\n`).join("")}${stringify(job, { lineWidth: 0 })}`;
  return [{ name: `${name}.containerapp.yaml`, content }];
}
