export { foldName, foldVariants } from "./fold.js";
export { matchesGlob } from "./glob.js";
export type { MappingProblem, MappingRow } from "./mapping.js";
export { MAPPING_PATTERN } from "./fits.js";
export { masterOf, matchMasters, type MatchInput } from "./match.js";
export { DEFAULT_PATTERNS, parsePattern } from "./pattern.js";
export { keysOf, peopleList, personKey, type PeopleList } from "./people.js";
export type { MatchResult } from "./resolve.js";
export { scopeOf } from "./scope.js";
