import { inParallel } from "../model/parallel.js";
import { EXIT } from "../model/exit-codes.js";
import type { StoreError } from "../model/photo.js";
import type { Plan } from "../model/plan.js";
import { ownerKey, type DeletePhoto, type PlanAction, type UploadPhoto } from "../model/plan-action.js";
import type { OutcomeKind, Verdict } from "../model/run.js";
import type { DirectoryUser } from "../model/user.js";
import { applyCloudPhotos } from "./applying/cloud.js";
import { conclude, createContext, isCutShort, type ApplyContext } from "./applying/context.js";
import type { ApplyOptions, ApplyPorts, ApplyResult, StoppedStore } from "./applying/ports.js";
import { applyProperties } from "./applying/properties.js";
import { applyThumbnail } from "./applying/thumbnail.js";

export type { ApplyOptions, ApplyPorts, ApplyResult, LookPorts, StoppedStore } from "./applying/ports.js";

/** Users whose photos go into one `$batch`. */
const WINDOW = 20;
/** Windows worked on at the same time. */
const LANES = 2;

/**
 * Carries out a plan and nothing else; the only caller of writers. Each action: fresh look, backup, intent on disk, write, read back,
 * outcome on disk. The order of one user's actions is kept; users are worked on in parallel. Memory holds a few windows of users.
 * The plan must have been verified and be applyable, the run begun in the records, and open intents of former runs settled (recoverOpenIntents).
 * Never throws for one action's failure; throws what means that nothing can be recorded any more (open intents are looked at by the next run).
 */
export async function applyPlan(plan: Plan, ports: ApplyPorts, options: ApplyOptions): Promise<ApplyResult> {
  const step = ports.progress.step(plan.head.purpose === "undo" ? "Undo" : "Apply", plan.head.limits.changes);
  const context = createContext(ports, options, plan.head.planId, step);
  const windows = inWindows(plan.actions())[Symbol.iterator]();
  const lanes = Array.from({ length: LANES }, async () => {
    for (;;) {
      const next = windows.next();
      if (next.done === true || isCutShort(context)) return;
      await applyWindow(context, next.value);
    }
  });
  // Every lane ends by itself before a fault is reported: no write goes on behind a run that has ended.
  const ends = await Promise.allSettled(lanes);
  step.done();
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return resultOf(context);
}

/** The actions of one user, in the order of the plan. */
type Group = readonly PlanAction[];

function* inWindows(actions: Iterable<PlanAction>): Iterable<readonly Group[]> {
  let groups: PlanAction[][] = [];
  let owner: string | null = null;
  for (const action of actions) {
    const key = ownerKey(action);
    const last = groups[groups.length - 1];
    if (key === owner && last !== undefined) {
      last.push(action);
      continue;
    }
    if (groups.length === WINDOW) {
      yield groups;
      groups = [];
    }
    groups.push([action]);
    owner = key;
  }
  if (groups.length > 0) yield groups;
}

/** What may be done for one user. */
interface Allowed {
  readonly actions: Group;
  /** A picture that the properties would show may not be written. */
  readonly broken: boolean;
}

async function applyWindow(context: ApplyContext, groups: readonly Group[]): Promise<void> {
  const allowed: Allowed[] = [];
  for (const group of groups) {
    if (isCutShort(context)) return;
    const vetoed = group.filter((action) => isVetoed(context, action));
    const open = group.filter((action) => !vetoed.includes(action));
    const broken = vetoed.some(({ action }) => action === "write-thumbnail");
    if (open.length > 0 && (await isApproved(context, open))) allowed.push({ actions: open, broken });
  }
  const photos = allowed.flatMap(({ actions }) => actions.filter(isCloud));
  if (isCutShort(context)) return;
  await applyCloudPhotos(
    context,
    photos.filter((action) => isOpen(context, action)),
  );
  for (const { id } of photos) context.missed.delete(id);
  // Looks and property writes of users side by side share requests; how many requests are under way is the stores' own affair.
  await inParallel(context.options.concurrency > 1 ? WINDOW : 1, allowed, (one) => applySharePoint(context, one));
}

/** One user's SharePoint actions, one after the other. */
async function applySharePoint(context: ApplyContext, allowed: Allowed): Promise<void> {
  const actions = allowed.actions.filter(isInSharePoint);
  const [first] = actions;
  if (first === undefined || isCutShort(context)) return;
  const user = first.user === null ? null : await context.ports.findUser(first.user.id);
  let { broken } = allowed;
  for (const action of actions) {
    if (isCutShort(context)) return;
    if (!isOpen(context, action)) continue;
    if (broken && restsOnEarlier(action)) conclude(context, action, "skipped", EARLIER_FAILED);
    else {
      await applyInSharePoint(context, action, user);
      broken ||= context.missed.delete(action.id);
    }
  }
}

const EARLIER_FAILED: StoreError = {
  code: "earlier-action-failed",
  message: "An earlier action of this user was not carried out.",
  hint: "Run photodrift audit again; what is left is planned anew.",
};

/** Properties must not name a picture that was not written, nor pictures go while the properties still name them. */
function restsOnEarlier(action: PlanAction): boolean {
  return action.action === "set-picture-properties" || action.restores !== undefined;
}

async function applyInSharePoint(
  context: ApplyContext,
  action: SharePointAction,
  user: DirectoryUser | null,
): Promise<void> {
  const unknown = context.options.undecidable?.(action) ?? null;
  if (unknown !== null) conclude(context, action, "failed", unknown);
  else if (action.action === "set-picture-properties") await applyProperties(context, action, user);
  else await applyThumbnail(context, action, user);
}

type CloudAction = UploadPhoto | DeletePhoto;
type SharePointAction = Exclude<PlanAction, CloudAction>;

function isCloud(action: PlanAction): action is CloudAction {
  return action.action === "upload-photo" || action.action === "delete-photo";
}

function isInSharePoint(action: PlanAction): action is SharePointAction {
  return !isCloud(action);
}

function isVetoed(context: ApplyContext, action: PlanAction): boolean {
  const why = context.options.veto?.(action) ?? null;
  if (why !== null) conclude(context, action, "skipped", why);
  return why !== null;
}

async function isApproved(context: ApplyContext, group: Group): Promise<boolean> {
  const [first] = group;
  if (first === undefined || context.options.approve === undefined) return true;
  if (await context.options.approve(first.user, group)) return true;
  const declined: StoreError = { code: "declined", message: "Not approved.", hint: "Apply the plan again." };
  for (const action of group) conclude(context, action, "skipped", declined);
  return false;
}

/** False, with the outcome told, when the action's store is left alone after several refusals. */
function isOpen(context: ApplyContext, action: PlanAction): boolean {
  const why = context.gate.closed(action);
  if (why === null) return true;
  conclude(context, action, "skipped", {
    code: "store-stopped",
    message: `The store refused several times alike: ${why.message}`,
    hint: why.hint,
  });
  return false;
}

function resultOf(context: ApplyContext): ApplyResult {
  const interrupted = context.cutShort || (context.options.signal.aborted && context.counts.failed > 0);
  const stopped = context.gate.stopped();
  const [verdict, exitCode] = verdictOf(context.counts, interrupted, stopped);
  return { counts: context.counts, interrupted, stopped, verdict, exitCode };
}

function verdictOf(
  counts: Readonly<Record<OutcomeKind, number>>,
  interrupted: boolean,
  stopped: readonly StoppedStore[],
): readonly [Verdict, number] {
  if (interrupted) return ["interrupted", EXIT.interrupted];
  if (stopped.some(({ error }) => /blocked|policy/.test(error.code))) return ["refused", EXIT.refused];
  if (counts.failed > 0 || stopped.length > 0) return ["incomplete", EXIT.incomplete];
  if (counts.stale > 0 || counts.skipped > 0) return ["drift", EXIT.drift];
  return ["in-sync", EXIT.ok];
}
