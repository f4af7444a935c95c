import { stringify } from "yaml";
import type { Schedule } from "../../model/schedule.js";
import { argumentsOf, notesOf, safeName, type ExportedFile, type ExportPlaces } from "./command.js";
import { fiveFields } from "./crontab.js";

/**
 * A CronJob, batch/v1 (kubernetes.io/docs/concepts/workloads/controllers/cron-jobs). Config, photos and state come from a volume that
 * the reader names; a missed time within the deadline is caught up once.
 * @throws PhotodriftError `schedule-export` when the schedule counts seconds
 */
export function toKubernetes(schedule: Schedule, places: ExportPlaces): readonly ExportedFile[] {
  const name = safeName(schedule.name).slice(0, 52).replace(/-+$/, "");
  const container = {
    name: "photodrift",
    image: places.image,
    command: [places.program],
    args: [...argumentsOf(schedule, places)],
    volumeMounts: [{ name: "photodrift", mountPath: parentOf(schedule.config) }],
  };
  const manifest = {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, labels: { "app.kubernetes.io/name": "photodrift" } },
    spec: {
      schedule: fiveFields(schedule, "kubernetes"),
      timeZone: schedule.timezone,
      concurrencyPolicy: "Forbid",
      suspend: schedule.suspend,
      startingDeadlineSeconds: 86_400,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 0,
          template: {
            spec: {
              restartPolicy: "Never",
              terminationGracePeriodSeconds: 30,
              containers: [container],
              volumes: [{ name: "photodrift", persistentVolumeClaim: { claimName: "photodrift" } }],
            },
          },
        },
      },
    },
  };
  const notes = [
    ...notesOf(schedule),
    "Exit code 2 (drift found) counts as a failed job. The volume holds the configuration, the photos and the state.",
    ...(schedule.jitterMs > 0 ? ["Kubernetes knows no jitter: the job starts on time."] : []),
  ];
  const content = `${notes.map((note) => `# ${note}\n`).join("")}${stringify(manifest, { lineWidth: 0 })}`;
  return [{ name: `${name}.yaml`, content }];
}

function parentOf(path: string): string {
  const cut = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return cut <= 0 ? "/" : path.slice(0, cut);
}
