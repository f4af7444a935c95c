export { createArchive } from "./archive.js";
export { createMasterSource, type MasterSourceOptions } from "./master-source.js";
