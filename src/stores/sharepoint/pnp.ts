/**
 * @pnp/sp with its types mended. Its own module augmentations name modules without file extension, which NodeNext does not resolve
 * (facts/dependencies.md 1.3): the members used here are declared again, in this one file. Only this file imports the package.
 */
import "@pnp/sp/webs/index.js";
import "@pnp/sp/lists/index.js";
import "@pnp/sp/items/index.js";
import "@pnp/sp/folders/index.js";
import "@pnp/sp/files/index.js";
import "@pnp/sp/profiles/index.js";
import "@pnp/sp/batching.js";
import type { IFile, IFiles } from "@pnp/sp/files/index.js";
import type { IFolder, IFolders } from "@pnp/sp/folders/index.js";
import type { IItems } from "@pnp/sp/items/index.js";
import type { IList } from "@pnp/sp/lists/index.js";
import type { IProfiles } from "@pnp/sp/profiles/index.js";
import type { IWeb } from "@pnp/sp/webs/index.js";

declare module "@pnp/sp/fi.js" {
  interface SPFI {
    readonly web: IWeb;
    readonly profiles: IProfiles;
    batched(props?: { maxRequests?: number }): [SPFI, () => Promise<void>];
  }
}
declare module "@pnp/sp/webs/types.js" {
  interface IWeb {
    getList(listRelativeUrl: string): IList;
    getFolderByServerRelativePath(path: string): IFolder;
    getFileByServerRelativePath(path: string): IFile;
    getFileById(uniqueId: string): IFile;
  }
}
declare module "@pnp/sp/lists/types.js" {
  interface IList {
    readonly items: IItems;
    readonly rootFolder: IFolder;
  }
}
declare module "@pnp/sp/folders/types.js" {
  interface IFolder {
    readonly files: IFiles;
    readonly folders: IFolders;
  }
}

export { spfi, type SPFI } from "@pnp/sp/fi.js";
export { SPInstance, SPQueryable } from "@pnp/sp/spqueryable.js";
export { HttpRequestError, InjectHeaders, RejectOnError, ResolveOnData, TextParse } from "@pnp/queryable";
export type { Queryable } from "@pnp/queryable";
export type { TimelinePipe } from "@pnp/core";
