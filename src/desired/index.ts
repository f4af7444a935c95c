export { explainFile } from "./explain-file.js";
export { matchesGlob } from "./glob.js";
export { listEntries, type ListProblems } from "./list-entries.js";
export { masterOf, matchMasters, type MatchInput } from "./match.js";
export { peopleList, type PeopleList } from "./people.js";
export { nameTheUser } from "./name-the-user.js";
export type { MatchResult } from "./resolve.js";
export { scopeOf } from "./scope.js";
export { suggestMatches, type Suggestion } from "./suggest.js";
