export { explainFile } from "./explain-file.js";
export { matchesGlob } from "./glob.js";
export { masterOf, matchMasters, type MatchInput } from "./match.js";
export { keysOf, peopleList, type PeopleList } from "./people.js";
export type { MatchResult } from "./resolve.js";
export { scopeOf } from "./scope.js";
export { suggestMatches, type Suggestion } from "./suggest.js";
