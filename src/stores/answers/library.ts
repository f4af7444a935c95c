import { z } from "zod";
import { described, type Described } from "./described.js";
import { address, count, filledText, guid, time } from "./fields.js";
import type { Page } from "./pages.js";

/** Server-relative path with a leading slash and no trailing one. */
const folderPath = z
  .string()
  .regex(/^\//, "no server-relative path")
  .transform((path) => path.replace(/\/+$/, ""));

/** The User Photos library itself. Dates and change token are the mark of its state; ItemCount is what proves a listing whole. */
const list = z.object({
  Id: guid,
  ItemCount: count,
  LastItemModifiedDate: time,
  LastItemDeletedDate: time,
  CurrentChangeToken: z.object({ StringValue: filledText }).nullish(),
  ParentWeb: z.object({ Url: address }).nullish(),
});
export type LibraryListAnswer = z.output<typeof list>;
export const libraryList = described(list);

/** How many items the library has now. */
export const libraryCount = described(z.object({ ItemCount: count }));

/** The web of a host, which says by what address SharePoint knows it. */
export const webAddress = described(z.object({ Url: address }));

/** The folders of the library's root, a few: a list of them that goes on elsewhere is none that SharePoint gives. */
export const libraryFolders = described(
  z.object({
    "odata.nextLink": z.undefined({ error: "a list of folders in pages" }).optional(),
    "@odata.nextLink": z.undefined({ error: "a list of folders in pages" }).optional(),
    value: z.array(z.object({ Name: z.string(), ServerRelativeUrl: folderPath, ItemCount: count })),
  }),
);

/** Items are numbered from 1; the name of the field is seen as `Id` and as `ID`. */
const itemId = z.number().int().min(1).max(0x7fffffff);
const fileOfRow = z.object({ ETag: filledText, Length: count, TimeLastModified: time });
const noFileOfRow = z.object({ "odata.null": z.literal(true) }).transform(() => null);

/** A row of the library: a file, or a folder, which has no file. A thumbnail's row must have its length and time, one way or the other. */
const row = z
  .object({
    Id: itemId.nullish(),
    ID: itemId.nullish(),
    FileLeafRef: filledText,
    FileDirRef: folderPath,
    UniqueId: guid,
    File_x0020_Size: count.nullish(),
    Modified: time.nullish(),
    File: z.union([noFileOfRow, fileOfRow]).nullish(),
  })
  .refine(
    ({ FileLeafRef, File, File_x0020_Size: size, Modified }) =>
      !/thumb\.jpg$/i.test(FileLeafRef) || File != null || (size != null && Modified != null),
    "a file without length and time",
  );
export type LibraryRow = z.output<typeof row>;

/** One page of the library's rows; both spellings of the next link are known (facts/sharepoint.md 7.2). */
export const libraryPage: Described<Page<LibraryRow>> = described(
  z
    .object({ value: z.array(row), "odata.nextLink": filledText.nullish(), "@odata.nextLink": filledText.nullish() })
    .transform((page) => ({ rows: page.value, next: page["odata.nextLink"] ?? page["@odata.nextLink"] ?? null })),
);

/** What stands for a file that is not there in a 200: the null of OData, or Exists false. Nothing less is an absence. */
const noFile = z
  .union([z.object({ "odata.null": z.literal(true) }), z.object({ Exists: z.literal(false) })])
  .transform(() => null);

const file = z.object({
  Name: filledText,
  UniqueId: guid,
  ETag: filledText,
  Length: count,
  TimeLastModified: time,
});
export type FileAnswer = z.output<typeof file>;

/** One file, which must have the name asked for; null where the service says that there is none. */
export function oneFile(name: string): Described<FileAnswer | null> {
  return described(z.union([noFile, file]), (answer) =>
    answer === null || answer.Name.toLowerCase() === name.toLowerCase() ? null : "it is about another file",
  );
}

/** The answer of an upload: the file as stored, as far as the service says it; a name or a length that differs is another file's. */
export function writtenFile(name: string, length: number): Described<{ readonly ETag?: string | null | undefined }> {
  const written = z.object({ Name: filledText.nullish(), Length: count.nullish(), ETag: filledText });
  return described(written, (stored) => {
    if (stored.Name != null && stored.Name.toLowerCase() !== name.toLowerCase()) return "it is about another file";
    return stored.Length == null || stored.Length === length ? null : "it tells of another length than was sent";
  });
}
