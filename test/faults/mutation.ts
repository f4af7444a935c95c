import type { Kind, Shape } from "./kinds.js";
import type { Answer, Asked } from "./wire.js";

/** One answer on its way, and what the mutation remembers of this run. */
export interface Scene {
  readonly asked: Asked;
  readonly kind: Kind;
  readonly answer: Answer;
  /** Empty at the start of each run. */
  readonly memory: Map<string, unknown>;
}

/** A changed answer; `parts` names the parts of a batch that were changed, all of them where absent. */
export interface Changed {
  readonly answer: Answer;
  readonly parts?: readonly number[];
}

export interface Mutation {
  readonly id: string;
  /** For people. */
  readonly says: string;
  /** What an answer must be for this to be done to it. */
  readonly shape: Shape;
  /** Answers in the service's place; for pages that only this mutation names. */
  before?(asked: Asked, memory: Map<string, unknown>): Answer | null;
  /** The changed answer, or null where this answer is left as it is. */
  change(scene: Scene): Changed | null;
  /** The change reaches into every phase of the run, not only into the one it is tried in. */
  readonly everywhere?: true;
}
