export { createArchive, type Archive, type ArchivedMaster } from "./archive.js";
export { createMasterSource, type MasterSourceOptions } from "./master-source.js";
