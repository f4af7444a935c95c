import type { Tenant } from "../../src/sandbox/tenant.js";
import { graphParts, kindOf, SHAPES, WRITES, type Kind } from "./kinds.js";
import type { Mutation } from "./mutation.js";
import type { Phase } from "./phases.js";
import type { Tamper } from "./proxy.js";
import { subjectsOf, type Subject } from "./subjects.js";
import { json, type Answer, type Asked } from "./wire.js";

/** What one cell's tampering did. */
export interface Tampering extends Tamper {
  /** What the changed answers were about, without what was asked again and answered unchanged. */
  readonly touched: readonly Subject[];
  /** Answers that were changed. */
  readonly changes: number;
  /** Writes that reached the service. */
  readonly writes: readonly { readonly kind: Kind; readonly subject: Subject }[];
  readonly requests: number;
}

/** Requests after which a run counts as one that never ends: its connections break from then on. */
export const ENDLESS = 400;

/** True for pairs that can meet: some answer of the phase has the mutation's shape. */
export function fits(mutation: Mutation, phase: Phase): boolean {
  return phase.kinds.some((kind) => SHAPES[kind].includes(mutation.shape));
}

/** Applies a mutation to every answer of a phase. `chosen` narrows it to some of them, by their number. */
export function tamperingOf(
  mutation: Mutation,
  phase: Phase,
  tenant: Tenant,
  chosen: (at: number) => boolean = () => true,
): Tampering {
  const touched = new Map<string, Subject>();
  const writes: { kind: Kind; subject: Subject }[] = [];
  const written = new Set<string>();
  const memory = new Map<string, unknown>();
  let requests = 0;
  let met = 0;
  let changes = 0;

  function isIn(asked: Asked, kind: Kind): boolean {
    if (!phase.kinds.includes(kind) || !SHAPES[kind].includes(mutation.shape)) return false;
    if (phase.when === undefined) return true;
    const after = subjectsOf(asked, tenant).some(({ key }) => written.has(key));
    return after === (phase.when === "after-write");
  }

  function changed(asked: Asked, kind: Kind, answer: Answer): Answer {
    const made = chosen(met++) ? mutation.change({ asked, kind, answer, memory }) : null;
    if (made !== null) changes++;
    note(asked, kind, (at) => made !== null && (made.parts?.includes(at) ?? true));
    return made?.answer ?? answer;
  }

  /** A question that was answered unchanged in the end was not touched. */
  function note(asked: Asked, kind: Kind, isChanged: (at: number) => boolean): void {
    const isList = SHAPES[kind].includes("list");
    // What a batch of profiles could not answer is asked of each by itself: the same question.
    const question = kind === "profiles" ? "profile-look" : kind;
    subjectsOf(asked, tenant).forEach((subject, at) => {
      const name = `${question} ${isList ? asked.target : subject.key}`;
      if (isChanged(at)) touched.set(name, subject);
      else touched.delete(name);
    });
  }

  return {
    get touched() {
      return [...touched.values()];
    },
    get changes() {
      return changes;
    },
    writes,
    get requests() {
      return requests;
    },
    before(asked) {
      if (++requests > ENDLESS) throw new Error("this run never ends");
      const kind = kindOf(asked);
      const page = mutation.before?.(asked, memory) ?? null;
      if (page !== null) return page;
      if (phase.withheld === true && isIn(asked, kind)) return changed(asked, kind, invented(asked, kind));
      if (WRITES.has(kind)) {
        for (const subject of subjectsOf(asked, tenant)) writes.push({ kind, subject });
      }
      return null;
    },
    after(asked, answer) {
      const kind = kindOf(asked);
      const isMet = isIn(asked, kind) || mutation.everywhere === true;
      if (!isMet) note(asked, kind, () => false);
      const told = isMet ? changed(asked, kind, answer) : answer;
      if (WRITES.has(kind)) for (const { key } of subjectsOf(asked, tenant)) written.add(key);
      return told;
    },
  };
}

/** The answer of a service that did what it was asked, made up. */
function invented(asked: Asked, kind: Kind): Answer {
  if (kind === "photo-write" && asked.path.endsWith("/$batch")) {
    return json(200, { responses: graphParts(asked).map(({ id }) => ({ id, status: 200, headers: {}, body: null })) });
  }
  if (kind === "file-write") return json(200, { Exists: true, ETag: '"{00000000-0000-4000-8000-000000000001},1"' });
  return kind === "property-write" ? json(200, { "odata.null": true }) : { ...json(204, null), body: Buffer.alloc(0) };
}
