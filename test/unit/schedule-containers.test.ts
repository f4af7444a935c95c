import { CronJob } from "kubernetes-models/batch/v1/CronJob";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { PersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import type { Schedule } from "../../src/model/schedule.js";
import { exportSchedules, type ExportFormat } from "../../src/schedule/export/index.js";
import { applyingSchedule, EXPORT_PLACES } from "../support/made-schedule.js";

const HOST_CONFIG = "/home/ann/photo drift/photodrift.yaml";
const PLACES = { ...EXPORT_PLACES, program: ["/home/ann/bin/photodrift"], reports: "/home/ann/reports" };
const CONFIG = [
  "# our tenant",
  "tenant:",
  "  id: contoso.com",
  "  name: contoso",
  "  caFile: C:\\certs\\proxy.pem",
  "credential:",
  "  kind: certificate",
  "  clientId: 1b2e",
  "  certificatePath: ./app.pem",
  "  certificatePassword: ${PFX_PASSWORD}",
  "source:",
  "  folder: //server/share/photos",
  "policy:",
  "  consent: ./opted-out.csv",
  "notify:",
  "  - kind: teams",
  "    url: ${TEAMS_WEBHOOK}   # secret",
  "state: /home/ann/photodrift.db",
  "",
].join("\n");

function schedule(more: Partial<Schedule> = {}): Schedule {
  return applyingSchedule({ config: HOST_CONFIG, users: ['50% "x" $(HOME)\\'], ...more });
}

function exported(format: ExportFormat, schedules: readonly Schedule[] = [schedule()]): Map<string, string> {
  const configs = new Map(schedules.map(({ config }) => [config, CONFIG]));
  return new Map(exportSchedules(schedules, format, () => PLACES, configs).map(({ name, content }) => [name, content]));
}

/** Nothing of the machine that exports may stand in what runs elsewhere; notes (comments) may name its files. */
function withoutNotes(text: string): string {
  return text.replace(/^#.*$/gm, "");
}

describe("kubernetes folder", () => {
  const MODELS: Readonly<Record<string, new (data: never) => { validate(): void }>> = {
    CronJob,
    ConfigMap,
    PersistentVolumeClaim,
  };

  it("every object is valid by the schemas of Kubernetes", () => {
    const kinds: string[] = [];
    for (const [name, content] of exported("kubernetes", [
      schedule(),
      schedule({ name: "Weekly", cron: "0 4 * * SUN", suspend: true }),
    ])) {
      for (const document of parseAllDocuments(content)) {
        expect(document.errors).toEqual([]);
        const value = document.toJS() as { kind: string };
        kinds.push(value.kind);
        if (value.kind === "Kustomization") continue;
        const Model = MODELS[value.kind];
        expect([name, Model === undefined]).toEqual([name, false]);
        if (Model !== undefined) new Model(value as never).validate();
      }
    }
    expect(kinds.sort()).toEqual([
      "ConfigMap",
      "CronJob",
      "CronJob",
      "Kustomization",
      "PersistentVolumeClaim",
      "PersistentVolumeClaim",
      "PersistentVolumeClaim",
    ]);
  });

  it("runs non-root on a read-only root file system, with the image's entry point and the container's paths", () => {
    const files = exported("kubernetes");
    const job = parse(files.get("photodrift-nightly-audit.yaml") ?? "") as {
      spec: {
        jobTemplate: {
          spec: { template: { spec: Record<string, unknown> & { containers: Record<string, unknown>[] } } };
        };
      };
    };
    expect(job).toMatchObject({
      metadata: { name: "photodrift-nightly-audit" },
      spec: { schedule: "30 2 * * 1,2,3,4,5", timeZone: "UTC", concurrencyPolicy: "Forbid", suspend: false },
    });
    expect(JSON.stringify(job)).not.toContain("namespace");
    const pod = job.spec.jobTemplate.spec.template.spec;
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    });
    expect(pod.containers[0]).toMatchObject({
      image: "photodrift:0.1.0",
      args: [
        "apply",
        "--yes",
        "--config",
        "/config/photodrift.yaml",
        "--store",
        "sharepoint",
        "--rule",
        "missing-thumbnail",
        "--user",
        '50% "x" $$(HOME)\\',
        "--full",
        "--format",
        "html",
        "--output",
        "/reports/Nightly Audit.html",
      ],
      envFrom: [{ secretRef: { name: "photodrift-env", optional: true } }],
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
    });
    expect(pod.containers[0]).not.toHaveProperty("command");
    for (const content of files.values()) expect(withoutNotes(content)).not.toMatch(/home\/ann|server\/share|C:\\/);
  });

  it("the configuration gets the container's paths and keeps its references; secrets are named, never written", () => {
    const files = exported("kubernetes");
    const map = parse(files.get("configmap.yaml") ?? "") as { data: Record<string, string> };
    const config = map.data["photodrift.yaml"] ?? "";
    expect(parse(config)).toMatchObject({
      tenant: { caFile: "/secrets/proxy.pem" },
      credential: { certificatePath: "/secrets/app.pem", certificatePassword: "${PFX_PASSWORD}" },
      source: { folder: "/source" },
      policy: { consent: "/secrets/opted-out.csv" },
      state: "/state/photodrift.db",
      reports: "/reports",
    });
    expect(config).toContain("# our tenant");
    const notes = files.get("kustomization.yaml") ?? "";
    expect(notes).toContain('--from-file=app.pem="/home/ann/photo drift/app.pem"');
    expect(notes).toContain("--from-literal=PFX_PASSWORD=… --from-literal=TEAMS_WEBHOOK=…");
  });

  it("two tenants have a configuration and a state file each", () => {
    const files = exported("kubernetes", [schedule(), schedule({ name: "Other", config: "/etc/other.yaml" })]);
    const map = parse(files.get("configmap.yaml") ?? "") as { data: Record<string, string> };
    expect(Object.keys(map.data)).toEqual(["photodrift.yaml", "photodrift-2.yaml"]);
    expect(map.data["photodrift-2.yaml"]).toContain("state: /state/photodrift-2.db");
    expect(files.get("photodrift-other.yaml")).toContain("- /config/photodrift-2.yaml");
  });
});

describe("the files and folders of a configuration", () => {
  const LISTS = [
    "tenant: {id: contoso.com, name: contoso}",
    "source:",
    "  folder: ./photos",
    "  archive: ./archive",
    "  mapping: ./mapping/list.csv",
    "policy:",
    "  consent: ./Betriebsrat/list.csv",
    "  pins: './Vorstand/Fest gehängt.csv'",
    "",
  ].join("\n");

  function lists(format: ExportFormat, schedules: readonly Schedule[]): Map<string, string> {
    const configs = new Map(schedules.map(({ config }) => [config, LISTS]));
    const files = exportSchedules(schedules, format, () => PLACES, configs);
    return new Map(files.map(({ name, content }) => [name, content]));
  }

  it("no two are one file in the secret, and each name is one that Kubernetes takes", () => {
    const files = lists("kubernetes", [schedule(), schedule({ name: "other", config: "/etc/other/photodrift.yaml" })]);
    const { data } = parse(files.get("configmap.yaml") ?? "") as { data: Record<string, string> };
    const told = Object.values(data).flatMap((text) => {
      const { source, policy } = parse(text) as {
        source: { mapping: string };
        policy: { consent: string; pins: string };
      };
      return [source.mapping, policy.consent, policy.pins];
    });
    expect(new Set(told).size).toBe(6);
    for (const path of told) expect(path).toMatch(/^\/secrets\/[-._a-zA-Z0-9]+$/);
    const notes = files.get("kustomization.yaml") ?? "";
    for (const path of told) expect(notes).toContain(` --from-file=${path.slice("/secrets/".length)}=`);
    expect(notes).toContain('="/home/ann/photo drift/Betriebsrat/list.csv"');
    expect(notes).toContain("=/etc/other/mapping/list.csv");
  });

  it("two folders of masters are two folders in the container, one folder is the volume", () => {
    const folders = (files: Map<string, string>) => {
      const { data } = parse(files.get("configmap.yaml") ?? "") as { data: Record<string, string> };
      return Object.values(data).map((text) => (parse(text) as { source: { folder: string } }).source.folder);
    };
    const one = [schedule(), schedule({ name: "other" })];
    const two = [schedule(), schedule({ name: "other", config: "/etc/other/photodrift.yaml" })];
    expect(folders(lists("kubernetes", one))).toEqual(["/source"]);
    const files = lists("kubernetes", two);
    expect(folders(files)).toEqual(["/source/photodrift", "/source/photodrift-2"]);
    expect(files.get("kustomization.yaml")).toContain(
      "/etc/other/photos goes to the folder photodrift-2 of the volume",
    );
  });

  it.each(["kubernetes", "container-apps"] as const)(
    "%s: an archive, which a container cannot move to, is told",
    (format) => {
      const files = lists(format, [schedule()]);
      for (const content of files.values()) expect(withoutNotes(content)).not.toContain("archive");
      expect(files.get([...files.keys()].find((name) => name.includes("nightly")) ?? "")).toContain(
        "# source.archive is left out",
      );
    },
  );

  it("container-apps: no two secrets share a name", () => {
    const text = `${LISTS}notify:\n  - {kind: teams, url: "\${list_csv}"}\n  - {kind: teams, url: "\${LIST_CSV}"}\n`;
    const [file] = exportSchedules([schedule()], "container-apps", () => PLACES, new Map([[HOST_CONFIG, text]]));
    const job = parse(file?.content ?? "") as { properties: { configuration: { secrets: { name: string }[] } } };
    const names = job.properties.configuration.secrets.map(({ name }) => name);
    expect(names).toHaveLength(6);
    expect(new Set(names).size).toBe(6);
  });
});

describe("container-apps", () => {
  /** Microsoft.App/jobs as far as it is used (learn.microsoft.com/azure/container-apps/azure-resource-manager-api-spec, jobs). */
  const secret = z.union([
    z.strictObject({ name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/), value: z.string() }),
    z.strictObject({ name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/), keyVaultUrl: z.url(), identity: z.string() }),
  ]);
  const jobSchema = z.strictObject({
    location: z.string(),
    type: z.literal("Microsoft.App/jobs"),
    identity: z.strictObject({ type: z.literal("SystemAssigned") }),
    properties: z.strictObject({
      environmentId: z.string().startsWith("/subscriptions/"),
      configuration: z.strictObject({
        triggerType: z.literal("Schedule"),
        scheduleTriggerConfig: z.strictObject({
          cronExpression: z.string().regex(/^(\S+ ){4}\S+$/),
          parallelism: z.literal(1),
          replicaCompletionCount: z.literal(1),
        }),
        replicaRetryLimit: z.literal(0),
        replicaTimeout: z.int().positive(),
        secrets: z.array(secret),
      }),
      template: z.strictObject({
        containers: z
          .array(
            z.strictObject({
              name: z.string(),
              image: z.literal("photodrift:0.1.0"),
              args: z.array(z.string()),
              resources: z.strictObject({ cpu: z.literal(1), memory: z.literal("2Gi") }),
              env: z.array(z.strictObject({ name: z.string(), secretRef: z.string() })),
              volumeMounts: z.array(z.strictObject({ volumeName: z.string(), mountPath: z.string().startsWith("/") })),
            }),
          )
          .length(1),
        volumes: z.array(
          z.union([
            z.strictObject({
              name: z.string(),
              storageType: z.enum(["AzureFile", "NfsAzureFile"]),
              storageName: z.string(),
            }),
            z.strictObject({
              name: z.string(),
              storageType: z.literal("Secret"),
              secrets: z.array(z.strictObject({ secretRef: z.string(), path: z.string() })),
            }),
          ]),
        ),
      }),
    }),
  });

  it("writes a scheduled job whose references all lead somewhere", () => {
    const [content = ""] = exported("container-apps").values();
    const job = jobSchema.parse(parse(content));
    const { configuration, template } = job.properties;
    const secrets = configuration.secrets.map(({ name }) => name);
    const used = [
      ...template.containers.flatMap(({ env }) => env.map(({ secretRef }) => secretRef)),
      ...template.volumes.flatMap((volume) =>
        "secrets" in volume ? volume.secrets.map(({ secretRef }) => secretRef) : [],
      ),
    ];
    expect(used.sort()).toEqual([...secrets].sort());
    expect(template.containers[0]?.volumeMounts.map(({ volumeName }) => volumeName)).toEqual(
      template.volumes.map(({ name }) => name),
    );
    expect(template.containers[0]?.args).toContain("/config/photodrift.yaml");
    expect(withoutNotes(content)).not.toMatch(/home\/ann|server\/share|C:\\/);
  });

  it("refuses another zone than UTC, and seconds, with the cure", () => {
    for (const wrong of [{ timezone: "Europe/Berlin" }, { cron: "*/10 * * * * *" }]) {
      expect(() => exported("container-apps", [schedule(wrong)])).toThrow(
        expect.objectContaining({ code: "schedule-export", errorClass: "usage" }) as Error,
      );
    }
  });
});
