import { byText } from "../model/ids.js";
import type { NearUser } from "../model/list.js";
import type { DirectoryUser } from "../model/user.js";
import { editDistance } from "../model/edit-distance.js";
import { foldName, foldVariants } from "./fold.js";
import { allowedEdits, indexNames, INITIAL, pairsOf, wordsOf } from "./near-index.js";
import { KEY_WORDS, keysOf, type KeyKind } from "./people.js";
import { personKey } from "./person-key.js";

/** Distances of the weaker signs, between and beyond the edits. */
const SAME_LOCAL_PART = 1.25;
/** One word in common: told only where nobody else has it. */
const ONE_WORD = 4;
const NUMBER = /^\d+$/;

interface Target {
  readonly entry: string;
  readonly key: string;
  /** Folded, a blank for every separator and for `@`. */
  readonly name: string;
  /** What stands before the `@`, folded. */
  readonly local: string;
  best: { readonly user: NearUser; readonly distance: number } | null;
  /** Users that share one word and no more. */
  weak: number;
}

/**
 * For entries of lists that name nobody, the user each of them may mean: a typing error or two, another domain, lost zeros of a number, the
 * words of a name in another order, an initial, or a rare word in common (a new surname). Reads the users once; shown and never used.
 */
export function nearestUsers(entries: Iterable<string>, users: Iterable<DirectoryUser>): ReadonlyMap<string, NearUser> {
  const targets = [...new Set(entries)].map(targetOf).filter(({ name }) => name !== "");
  const index = indexNames(targets);
  const locals = indexNames(targets.map((target) => ({ name: target.local, target })));
  for (const user of targets.length === 0 ? [] : users) {
    const near = new Set<Target>();
    for (const name of namesOf(user)) {
      for (const target of index.near(name)) near.add(target);
      for (const { target } of locals.near(name)) near.add(target);
    }
    for (const target of near) offer(target, user, judge(target, user));
    for (const { pair, because, distance } of pairsOf(user)) {
      for (const { target } of locals.sharing(pair)) offer(target, user, { because, distance });
    }
  }
  return new Map(
    targets.flatMap(({ entry, best, weak }) =>
      best === null || isVague(best.distance, weak) ? [] : [[entry, best.user]],
    ),
  );
}

interface Sign {
  readonly because: string;
  readonly distance: number;
}

function targetOf(entry: string): Target {
  const key = unpadded(personKey(entry));
  return { entry, key, name: nameOf(key), local: nameOf(localOf(key)), best: null, weak: 0 };
}

function nameOf(key: string): string {
  return foldName(key.replaceAll("@", " "));
}

function localOf(key: string): string {
  const at = key.lastIndexOf("@");
  return at < 0 ? key : key.slice(0, at);
}

function isVague(distance: number, weak: number): boolean {
  return distance >= ONE_WORD && weak > 1;
}

function offer(target: Target, user: DirectoryUser, sign: Sign | null): void {
  if (sign === null) return;
  if (sign.distance >= ONE_WORD) target.weak++;
  const { best } = target;
  if (
    best !== null &&
    (best.distance < sign.distance || (best.distance === sign.distance && byText(best.user.upn, user.upn) <= 0))
  ) {
    return;
  }
  target.best = { user: { upn: user.upn, because: sign.because }, distance: sign.distance };
}

/** Every folded spelling of the keys and of the name. */
function namesOf(user: DirectoryUser): ReadonlySet<string> {
  const keys = keysOf(user).flatMap(({ key }) => [nameOf(unpadded(key)), nameOf(localOf(key))]);
  return new Set([...keys, ...foldVariants(user.displayName), ...glued(user)].filter((name) => name !== ""));
}

function wordOf(kind: KeyKind): string {
  return kind === "alias" ? "an alias" : `the ${KEY_WORDS[kind]}`;
}

/** The nearest sign between an entry and the user's keys and names. */
function judge(target: Target, user: DirectoryUser): Sign | null {
  const signs: Sign[] = [];
  for (const { kind, key } of keysOf(user)) {
    if (NUMBER.test(key) || NUMBER.test(target.key)) {
      if (unpadded(key) === unpadded(target.key))
        signs.push({ because: `${wordOf(kind)} without its leading zeros`, distance: 1 });
      continue;
    }
    const name = nameOf(key);
    const allowed = allowedEdits(name);
    const edits = Math.min(editDistance(target.name, name, allowed), editDistance(target.key, key, allowed));
    if (edits <= allowed) signs.push({ because: becauseOfEdits(edits, wordOf(kind)), distance: edits });
    if (key.includes("@") && nameOf(localOf(key)) === target.local) {
      signs.push({ because: "the same name before the @", distance: SAME_LOCAL_PART });
    }
  }
  if (glued(user).includes(target.local)) signs.push({ because: "spelled like initial and name", distance: INITIAL });
  if (sharesWord(target, user)) signs.push({ because: "the same name in part", distance: ONE_WORD });
  return signs.reduce<Sign | null>(
    (least, sign) => (least === null || sign.distance < least.distance ? sign : least),
    null,
  );
}

function becauseOfEdits(edits: number, what: string): string {
  if (edits === 0) return `spelled almost like ${what}`;
  return `${edits === 1 ? "one letter" : `${edits} letters`} away from ${what}`;
}

/** A number without leading zeros, which spreadsheets drop; other texts as they are. */
function unpadded(key: string): string {
  return NUMBER.test(key) ? key.replace(/^0+(?=\d)/, "") : key;
}

/** Account names of the kind abecker, annab, beckera. */
function glued(user: DirectoryUser): readonly string[] {
  const [first, last] = [foldName(user.givenName ?? ""), foldName(user.surname ?? "")];
  if (first === "" || last.length < 3) return [];
  return [`${first[0] ?? ""}${last}`, `${last}${first[0] ?? ""}`, `${first}${last[0] ?? ""}`].filter(
    (name) => name.length > 3,
  );
}

function sharesWord({ local }: Target, user: DirectoryUser): boolean {
  const words = new Set(wordsOf(local).filter((word) => word.length > 2));
  return [user.givenName, user.surname].some((name) => foldVariants(name ?? "").some((variant) => words.has(variant)));
}
