/** For the help of each command: two lines to type with what they do, and the command that comes next. */
export interface CommandExamples {
  readonly lines: readonly (readonly [line: string, what: string])[];
  readonly next: string;
}

export const EXAMPLES: Readonly<Record<string, CommandExamples>> = {
  audit: {
    lines: [
      ["photodrift audit --plan plan.json", "report drift, and save what apply would do"],
      ["photodrift audit --format html --output drift.html --format json", "a page in a file, JSON on standard output"],
    ],
    next: "photodrift apply plan.json, after a look at the report",
  },
  apply: {
    lines: [
      ["photodrift apply plan.json", "carry out exactly the saved plan"],
      [
        "photodrift apply --yes --rule missing-thumbnail --max-changes 50",
        "audit and put one rule right, 50 changes at most",
      ],
    ],
    next: "photodrift audit, which shows what is left; photodrift undo RUN takes it back",
  },
  undo: {
    lines: [
      ["photodrift undo 2026-11-25", "show what would be put back"],
      ["photodrift undo 2026-11-25 --yes --user ann@contoso.com", "put back one user's photos"],
    ],
    next: "photodrift audit",
  },
  explain: {
    lines: [
      ["photodrift explain ann@contoso.com", "master, stores, rules, and what apply would do"],
      ["photodrift explain ann@contoso.com --format json", "the same for a program"],
    ],
    next: "photodrift apply --yes --user USER, or photodrift accept USER",
  },
  report: {
    lines: [
      ["photodrift report", "the last run again, as text"],
      ["photodrift report 2026-11-25 --output drift.html", "a past run as a page; the ending tells the format"],
      ["photodrift report --audience manager --output photos.html", "figures on one printed page, without names"],
    ],
    next: "photodrift explain USER",
  },
  runs: {
    lines: [
      ["photodrift runs --limit 50", "the last 50 runs, newest first"],
      ["photodrift runs --format csv --output runs.csv", "the same as a table"],
    ],
    next: "photodrift report RUN",
  },
  masters: {
    lines: [
      ["photodrift masters --unmatched --suggest", "files that fit nobody, with near matches"],
      ["photodrift masters --format csv --output masters.csv", "every file with its user"],
    ],
    next: "photodrift audit",
  },
  accept: {
    lines: [
      ["photodrift accept ann@contoso.com", "what the tenant shows now is wanted"],
      ["photodrift accept --reset ann@contoso.com", "no longer"],
    ],
    next: "photodrift audit",
  },
  decide: {
    lines: [
      ["photodrift decide ~/Downloads/decisions-2026-11-25.json", "take what a person decided in the report"],
      ["photodrift decide --list", "the decisions that stand, and whose they are"],
    ],
    next: "photodrift audit --plan plan.json, then photodrift apply plan.json",
  },
  export: {
    lines: [
      ["photodrift export ./photos-now", "every cloud photo, with a manifest"],
      ["photodrift export ./photos-now --user ann@contoso.com", "one user's"],
    ],
    next: "photodrift masters",
  },
  schedule: {
    lines: [
      [
        "photodrift schedule run --dir schedules --port 8080 --log-file photodrift.log",
        "the daemon, with health and a log",
      ],
      [
        "photodrift schedule export --format kubernetes --to deploy",
        "CronJobs, configuration and claims for a cluster",
      ],
    ],
    next: "photodrift schedule next",
  },
  fleet: {
    lines: [
      ["photodrift fleet worker --fleet fleet.yaml --port 8080", "one of any number of workers, with health"],
      ["photodrift fleet report --format html --output fleet.html", "the fleet's page, and each tenant's beside it"],
      ["photodrift fleet undo contoso 2026-11-25", "show what would be put back, from any machine"],
    ],
    next: "photodrift fleet status",
  },
  setup: {
    lines: [
      ["photodrift setup --yes", "register the app as the administrator signed in with `az login`"],
      ["photodrift setup --mode apply --notify mail", "scripts and manifest for writing and for notices by mail"],
    ],
    next: "photodrift audit, once doctor is green",
  },
  doctor: {
    lines: [
      ["photodrift doctor", "one line a check, with the cure"],
      ["photodrift doctor --mode audit --format json", "for a registration that is meant to read only"],
    ],
    next: "photodrift audit",
  },
  init: {
    lines: [
      ["photodrift init", "asks, on a terminal"],
      ["photodrift init --domain contoso.com --client-id ID --certificate app.pem", "finds the rest out by itself"],
    ],
    next: "photodrift setup, or photodrift doctor where there is an app registration",
  },
  sandbox: {
    lines: [
      ["photodrift sandbox start --dir demo --users 500 --seed 7", "an emulated tenant until Ctrl-C"],
      ["photodrift sandbox set --dir demo clock=+72h", "three days later"],
    ],
    next: "photodrift audit --config demo/photodrift.yaml",
  },
  completion: {
    lines: [
      ["source <(photodrift completion bash)", "in bash, for this session"],
      ["photodrift completion powershell | Out-String | Invoke-Expression", "in PowerShell, for this session"],
    ],
    next: "photodrift --help",
  },
  demo: {
    lines: [
      ["photodrift demo", "a rehearsal tenant, an audit, the report"],
      ["photodrift demo --quiet", "the report alone"],
    ],
    next: "photodrift init",
  },
};
