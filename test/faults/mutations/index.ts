import type { Mutation } from "../mutation.js";
import { BATCHES, PICTURES } from "./batches.js";
import { LISTS } from "./lists.js";
import { ITEMS, PEOPLE } from "./people.js";
import { WHOLE } from "./whole.js";

/** Every way in which an answer is changed. A new one is one more entry in one of these lists. */
export const MUTATIONS: readonly Mutation[] = [...WHOLE, ...LISTS, ...PEOPLE, ...ITEMS, ...BATCHES, ...PICTURES];
