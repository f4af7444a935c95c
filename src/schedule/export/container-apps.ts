import { stringify } from "yaml";
import type { Schedule } from "../../model/schedule.js";
import { plain } from "../../model/text.js";
import {
  dashed,
  freeName,
  isInUtc,
  noJitter,
  notesOf,
  notExportable,
  safeName,
  type ExportedFile,
  type ExportPlaces,
} from "./command.js";
import { containerArguments, MOUNTS, type ContainerConfig } from "./container.js";
import { fiveFields } from "./crontab.js";

const MOST_SECONDS = 12 * 3_600;
/** Of a job. */
const LONGEST_NAME = 32;

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
  if (!isInUtc(schedule)) {
    throw notExportable(
      schedule,
      "container-apps",
      `Container Apps counts in UTC only, and the schedule in ${schedule.timezone}`,
      "Give the schedule `timezone: UTC` and the times of UTC",
    );
  }
  const config = configs.find(({ file }) => file === schedule.config);
  const environment = config?.environment ?? [];
  const files = config?.files ?? [];
  const key = config?.key ?? "photodrift.yaml";
  const taken = new Set<string>();
  const keySecret = freeSecret(key, taken);
  const fileSecrets = files.map(({ name }) => ({ path: name, secretRef: freeSecret(name, taken) }));
  const env = environment.map((name) => ({ name, secretRef: freeSecret(name, taken) }));
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
          { name: keySecret, value: config?.text ?? "" },
          ...[...fileSecrets, ...env].map(({ secretRef }) => ({
            name: secretRef,
            keyVaultUrl: `https://VAULT.vault.azure.net/secrets/${secretRef}`,
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
            env,
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
          { name: "config", storageType: "Secret", secrets: [{ secretRef: keySecret, path: key }] },
          ...(files.length > 0
            ? [
                {
                  name: "files",
                  storageType: "Secret",
                  secrets: fileSecrets.map(({ secretRef, path }) => ({ secretRef, path })),
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
  const name = safeName(schedule.name, LONGEST_NAME);
  const content = `${notesOfJob(schedule, name, config)
    .map((note) => `# ${note}\n`)
    .join("")}${stringify(job, { lineWidth: 0 })}`;
  return [{ name: `${name}.containerapp.yaml`, content }];
}

/** A secret's name of its own: small letters, digits and hyphens. */
function freeSecret(name: string, taken: Set<string>): string {
  return freeName(dashed(name.toLowerCase()) || "secret", taken);
}

function notesOfJob(schedule: Schedule, name: string, config: ContainerConfig | undefined): readonly string[] {
  return [
    ...notesOf(schedule),
    `az containerapp job create --name ${name} --resource-group GROUP --yaml ${name}.containerapp.yaml`,
    "Words in capitals are yours to fill in; the secrets come from a key vault that the job's identity may read. The state is a database:",
    "an SMB share (AzureFile) does not carry it, an NFS share does, with one job at a time.",
    "Exit code 2 (drift found) counts as a failed execution.",
    ...noJitter(schedule, "Container Apps"),
    ...(config?.notes ?? []),
    ...(config === undefined
      ? []
      : [`Masters: ${plain(config.source.from)} goes to ${config.source.folder} of the job.`]),
    ...(schedule.suspend ? ["Suspended: do not create it, or set triggerType to Manual."] : []),
  ];
}
