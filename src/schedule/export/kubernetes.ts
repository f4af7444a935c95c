import { stringify } from "yaml";
import type { Schedule } from "../../model/schedule.js";
import { shellWord } from "../../model/shell.js";
import { plain } from "../../model/text.js";
import { noJitter, notesOf, safeName, type ExportedFile, type ExportPlaces } from "./command.js";
import { CONTAINER_USER, containerArguments, MOUNTS, type ContainerConfig } from "./container.js";
import { fiveFields } from "./crontab.js";

/** Of a CronJob; its jobs add eleven characters to it. */
const LONGEST_NAME = 52;
const LABELS = { "app.kubernetes.io/name": "photodrift" };
/** Names of the objects that all schedules share. */
const CONFIG_MAP = "photodrift-config";
const FILES = "photodrift-files";
const ENVIRONMENT = "photodrift-env";
const CLAIMS = { source: "photodrift-source", state: "photodrift-state", reports: "photodrift-reports" } as const;

/**
 * A CronJob, batch/v1 (kubernetes.io/docs/concepts/workloads/controllers/cron-jobs), of no namespace. It runs as the image's user on a
 * read-only root file system; a missed time within the deadline is caught up once.
 * @throws PhotodriftError `schedule-export` when the schedule counts seconds
 */
export function toKubernetes(
  schedule: Schedule,
  places: ExportPlaces,
  configs: readonly ContainerConfig[],
): readonly ExportedFile[] {
  const name = safeName(schedule.name, LONGEST_NAME);
  const manifest = {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, labels: LABELS },
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
          template: { metadata: { labels: LABELS }, spec: podOf(schedule, places, configs) },
        },
      },
    },
  };
  const notes = [
    ...notesOf(schedule),
    "Exit code 2 (drift found) counts as a failed job.",
    ...noJitter(schedule, "Kubernetes"),
    ...configs.flatMap(({ file, notes: left }) => (file === schedule.config ? left : [])),
  ];
  return [{ name: `${name}.yaml`, content: document(notes, manifest) }];
}

function podOf(schedule: Schedule, places: ExportPlaces, configs: readonly ContainerConfig[]): object {
  return {
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 60,
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: CONTAINER_USER,
      runAsGroup: CONTAINER_USER,
      fsGroup: CONTAINER_USER,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "photodrift",
        image: places.image,
        // `$(NAME)` would be filled in by Kubernetes; doubled, the dollar stands for itself.
        args: containerArguments(schedule, configs).map((argument) => argument.replaceAll("$(", "$$$$(")),
        envFrom: [{ secretRef: { name: ENVIRONMENT, optional: true } }],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        resources: { requests: { cpu: "500m", memory: "384Mi" }, limits: { memory: "1Gi" } },
        volumeMounts: [
          { name: "config", mountPath: MOUNTS.config, readOnly: true },
          { name: "files", mountPath: MOUNTS.files, readOnly: true },
          { name: "source", mountPath: MOUNTS.source, readOnly: true },
          { name: "state", mountPath: MOUNTS.state },
          { name: "reports", mountPath: MOUNTS.reports },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: CONFIG_MAP } },
      { name: "files", secret: { secretName: FILES, defaultMode: 0o440 } },
      { name: "source", persistentVolumeClaim: { claimName: CLAIMS.source, readOnly: true } },
      { name: "state", persistentVolumeClaim: { claimName: CLAIMS.state } },
      { name: "reports", persistentVolumeClaim: { claimName: CLAIMS.reports } },
      { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
    ],
  };
}

/** What all schedules share: the configuration, the claims, and a kustomization that applies the folder. Secrets are told, not written. */
export function sharedKubernetes(
  configs: readonly ContainerConfig[],
  jobs: readonly string[],
): readonly ExportedFile[] {
  const configMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: CONFIG_MAP, labels: LABELS },
    data: Object.fromEntries(configs.map(({ key, text }) => [key, text])),
  };
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: ["configmap.yaml", "volumes.yaml", ...jobs],
  };
  const files = configs.flatMap((config) => config.files);
  const names = [...new Set(configs.flatMap(({ environment }) => environment))];
  const secrets = [
    "Apply with: kubectl apply -k .   (in the namespace of your choice: -n NAME)",
    ...configs.map(
      ({ source }) => `Masters: ${plain(source.from)} goes to ${placeIn(source.folder)}the volume ${CLAIMS.source}.`,
    ),
    "Before that, make the secrets; nothing secret stands in this folder:",
    `  kubectl create secret generic ${FILES}${files.map(({ name, from }) => ` --from-file=${name}=${quoted(from)}`).join("")}`,
    ...(names.length === 0
      ? []
      : [`  kubectl create secret generic ${ENVIRONMENT}${names.map((name) => ` --from-literal=${name}=…`).join("")}`]),
  ];
  return [
    { name: "configmap.yaml", content: document(["The configuration with the container's paths."], configMap) },
    { name: "volumes.yaml", content: claims() },
    { name: "kustomization.yaml", content: document(secrets, kustomization) },
  ];
}

/** A path for the shell that fills in its `${NAME}`s. */
function quoted(path: string): string {
  return path.includes("${") ? `"${plain(path)}"` : (shellWord(path) ?? plain(path));
}

function placeIn(folder: string): string {
  const within = folder.slice(MOUNTS.source.length + 1);
  return within === "" ? "" : `the folder ${within} of `;
}

function claims(): string {
  const claim = (name: string, mode: string, storage: string): object => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, labels: LABELS },
    spec: { accessModes: [mode], resources: { requests: { storage } } },
  });
  const notes = [
    "Give each claim the storage class of your cluster. The masters are read only; the state is a database, which wants a block device,",
    "not a network share; one pod at a time uses it.",
  ];
  return [
    document(notes, claim(CLAIMS.source, "ReadOnlyMany", "10Gi")),
    stringify(claim(CLAIMS.state, "ReadWriteOnce", "10Gi"), { lineWidth: 0 }),
    stringify(claim(CLAIMS.reports, "ReadWriteOnce", "5Gi"), { lineWidth: 0 }),
  ].join("---\n");
}

function document(notes: readonly string[], manifest: object): string {
  return `${notes.map((note) => `# ${note}\n`).join("")}${stringify(manifest, { lineWidth: 0 })}`;
}
