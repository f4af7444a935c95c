import { fileEtag, LIBRARY_ROOT, lengthOf, namedGuid, pathOf } from "../../library.js";
import type { LibraryItem, Tenant } from "../../tenant.js";
import { ownAddress } from "./web.js";
import type { Entity, Properties } from "./replies.js";

const CREATED = "2018-03-05T08:12:40Z";

/** `2026-01-31T10:00:00Z`: SharePoint writes whole seconds. */
export function isoTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** 100-nanosecond ticks since 0001-01-01, as change tokens count (a string: they are beyond what a double holds). */
export function ticksOf(at: number): string {
  return (BigInt(Math.floor(at)) * 10_000n + 621_355_968_000_000_000n).toString();
}

export function changeToken(tenant: Tenant, number: number, at: number): string {
  return `1;3;${tenant.library.listId};${ticksOf(at)};${String(number)}`;
}

export function currentToken(tenant: Tenant): string {
  const last = tenant.library.changes.at(-1);
  // The token of an untouched list names the last change before the log began; the reader's clock decides how old it is.
  return changeToken(tenant, last?.token ?? 0, tenant.now());
}

export function listEntity(tenant: Tenant): Entity {
  const { library } = tenant;
  return {
    type: "SP.List",
    path: `Web/Lists(guid'${library.listId}')`,
    properties: {
      AllowContentTypes: true,
      BaseTemplate: 109,
      BaseType: 1,
      Created: CREATED,
      CurrentChangeToken: { StringValue: currentToken(tenant) },
      EnableVersioning: false,
      EntityTypeName: "User_x0020_Photos",
      Hidden: false,
      Id: library.listId,
      ItemCount: library.items.size + library.folders.length,
      LastItemDeletedDate: isoTime(library.lastDeletedAt),
      LastItemModifiedDate: isoTime(library.lastModifiedAt),
      LastItemUserModifiedDate: isoTime(library.lastModifiedAt),
      ListItemEntityTypeFullName: "SP.Data.User_x0020_PhotosItem",
      ParentWebUrl: "/",
      Title: library.title,
    },
    expandable: {
      RootFolder: async () => rootFolder(tenant).properties,
      ParentWeb: async () => ({
        Id: namedGuid(`${tenant.id}/sharepointMy/web`),
        Url: ownAddress(tenant, "sharepointMy"),
      }),
    },
  };
}

function folderProperties(name: string, path: string, uniqueId: string, count: number, modifiedAt: number): Properties {
  return {
    Exists: true,
    ExistsAllowThrowForPolicyFailures: true,
    IsWOPIEnabled: false,
    ItemCount: count,
    Name: name,
    ProgID: null,
    ServerRelativeUrl: path,
    TimeCreated: CREATED,
    TimeLastModified: isoTime(modifiedAt),
    UniqueId: uniqueId,
    WelcomePage: "",
  };
}

export function folderEntity(tenant: Tenant, folder: { readonly name: string; readonly uniqueId: string }): Entity {
  const path = `${LIBRARY_ROOT}/${folder.name}`;
  let count = 0;
  for (const item of tenant.library.items.values()) if (item.folder === path) count++;
  return {
    type: "SP.Folder",
    path: `Web/GetFolderByServerRelativePath(decodedurl='${path}')`,
    properties: folderProperties(folder.name, path, folder.uniqueId, count, tenant.library.lastModifiedAt),
  };
}

export function rootFolder(tenant: Tenant): Entity {
  const { library } = tenant;
  return {
    type: "SP.Folder",
    path: `Web/GetFolderByServerRelativePath(decodedurl='${LIBRARY_ROOT}')`,
    properties: folderProperties(
      "User Photos",
      LIBRARY_ROOT,
      namedGuid(library.listId),
      library.folders.length,
      library.lastModifiedAt,
    ),
  };
}

/** `Forms` holds the views of every library; it is no folder of pictures. */
export function formsFolder(tenant: Tenant): Entity {
  const path = `${LIBRARY_ROOT}/Forms`;
  return {
    type: "SP.Folder",
    path: `Web/GetFolderByServerRelativePath(decodedurl='${path}')`,
    properties: folderProperties("Forms", path, namedGuid(`${tenant.library.listId}/Forms`), 0, Date.parse(CREATED)),
  };
}

/** File as in facts/sharepoint.md 3.1: Length is text, ETag holds its own quotes, ContentTag has none. */
export async function fileProperties(item: LibraryItem): Promise<Properties> {
  const version = item.version;
  return {
    CheckInComment: "",
    CheckOutType: 2,
    ContentTag: `{${item.uniqueId.toUpperCase()}},${String(version)},${String(version)}`,
    CustomizedPageStatus: 0,
    ETag: fileEtag(item),
    Exists: true,
    IrmEnabled: false,
    Length: String(await lengthOf(item)),
    Level: 1,
    LinkingUri: null,
    LinkingUrl: "",
    MajorVersion: version,
    MinorVersion: 0,
    Name: item.name,
    ServerRelativeUrl: pathOf(item),
    TimeCreated: CREATED,
    TimeLastModified: isoTime(item.photo.modifiedAt),
    Title: "",
    UIVersion: version * 512,
    UIVersionLabel: `${String(version)}.0`,
    UniqueId: item.uniqueId,
  };
}

export async function fileEntity(item: LibraryItem): Promise<Entity> {
  const path = pathOf(item).replaceAll("'", "''");
  return {
    type: "SP.File",
    path: `Web/GetFileByServerRelativePath(decodedurl='${path}')`,
    properties: await fileProperties(item),
  };
}

/** A list item of the library: a file, or one of its folders. `withLength`: the client asks for the size column. */
export async function itemEntity(tenant: Tenant, item: LibraryItem, withLength: boolean): Promise<Entity> {
  const { library, switches } = tenant;
  return {
    type: "SP.Data.User_x0020_PhotosItem",
    path: `Web/Lists(guid'${library.listId}')/Items(${String(item.id)})`,
    properties: {
      FileSystemObjectType: 0,
      FSObjType: "0",
      Id: item.id,
      ID: item.id,
      Title: null,
      Created: CREATED,
      Modified: isoTime(item.photo.modifiedAt),
      GUID: item.uniqueId,
      UniqueId: item.uniqueId,
      FileLeafRef: item.name,
      FileDirRef: item.folder,
      FileRef: pathOf(item),
      OData__UIVersionString: `${String(item.version)}.0`,
      ...(withLength && switches.itemFileSize ? { File_x0020_Size: String(await lengthOf(item)) } : {}),
    },
    expandable: { File: () => fileProperties(item) },
  };
}

export function folderItemEntity(tenant: Tenant, at: number): Entity {
  const { library, switches } = tenant;
  const folder = library.folders[at] ?? { name: "", uniqueId: "" };
  return {
    type: "SP.Data.User_x0020_PhotosItem",
    path: `Web/Lists(guid'${library.listId}')/Items(${String(at + 1)})`,
    properties: {
      FileSystemObjectType: 1,
      FSObjType: "1",
      Id: at + 1,
      ID: at + 1,
      Title: null,
      Created: CREATED,
      Modified: CREATED,
      GUID: folder.uniqueId,
      UniqueId: folder.uniqueId,
      FileLeafRef: folder.name,
      FileDirRef: LIBRARY_ROOT,
      FileRef: `${LIBRARY_ROOT}/${folder.name}`,
      OData__UIVersionString: "1.0",
      ...(switches.itemFileSize ? { File_x0020_Size: "" } : {}),
    },
    // A folder has no file behind it.
    expandable: { File: async () => ({ "odata.null": true }) },
  };
}
