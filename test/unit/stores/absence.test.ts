import { describe, expect, it } from "vitest";
import {
  isDirectoryAbsence,
  isFileAbsence,
  isFolderAbsence,
  isListAbsence,
  isNoGroupKey,
  isProfileAbsence,
  photoAbsence,
} from "../../../src/stores/answers/absence.js";
import { jsonOf } from "../../../src/stores/answers/described.js";
import { downloadFlaw, fileDownloadFlaw, imageFlaw } from "../../../src/stores/answers/image.js";

/*
 * Which answers are believed to mean "not there", and which bytes to be a picture: a word too many here deletes what is there, a word too
 * few never finds out. Words and codes: facts/graph-entra-exchange.md 1.4 and 2.1, facts/sharepoint.md 2.1 and 3.3.
 */
const error = (code: string, message = "said") => ({ code, message });

describe("words that mean absent", () => {
  it.each([
    [404, error("ImageNotFound"), "no-photo"],
    [404, error("x", "Exception of type ImageNotFoundException was thrown"), "no-photo"],
    [400, error("ImageNotFound"), null],
    [500, error("x", "ImageNotFoundException"), null],
    [404, error("MailboxNotEnabledForRESTAPI"), "no-mailbox"],
    [400, error("MailboxNotEnabledForRESTAPI"), "no-mailbox"],
    [403, error("MailboxNotEnabledForRESTAPI"), "no-mailbox"],
    [401, error("MailboxNotEnabledForRESTAPI"), null],
    [503, error("MailboxNotEnabledForRESTAPI"), null],
    [404, error("ResourceNotFound", "Resource could not be discovered."), "no-mailbox"],
    [404, error("ResourceNotFound", "gone"), null],
    [400, error("ResourceNotFound", "Resource could not be discovered."), null],
    [404, error("Other", "Resource could not be discovered."), null],
    [404, error("Request_ResourceNotFound"), "no-user"],
    [404, error("ErrorInvalidUser"), "no-user"],
    [400, error("ErrorInvalidUser"), null],
    [404, error("", ""), null],
  ])("photo: %i %o is %s", (status, said, expected) => {
    expect(photoAbsence(status, said)).toBe(expected);
  });

  it.each([
    ["directory", isDirectoryAbsence, 404, error("Request_ResourceNotFound"), true],
    ["directory", isDirectoryAbsence, 400, error("Request_ResourceNotFound"), false],
    ["directory", isDirectoryAbsence, 404, error("itemNotFound"), false],
    ["group key", isNoGroupKey, 404, error("Request_ResourceNotFound"), true],
    ["group key", isNoGroupKey, 400, error("Request_BadRequest"), true],
    ["group key", isNoGroupKey, 400, error("BadRequest"), true],
    ["group key", isNoGroupKey, 400, error("NotBadRequest"), false],
    ["group key", isNoGroupKey, 400, error("BadRequestToo"), false],
    ["group key", isNoGroupKey, 403, error("BadRequest"), false],
    ["file", isFileAbsence, 404, error("-2147024894, System.IO.FileNotFoundException"), true],
    ["file", isFileAbsence, 404, error("-2147024894"), true],
    ["file", isFileAbsence, 404, error("-2130575338, x"), true],
    ["file", isFileAbsence, 404, error("1-2147024894"), false],
    ["file", isFileAbsence, 404, error("1-2130575338"), false],
    ["file", isFileAbsence, 403, error("-2147024894"), false],
    ["folder", isFolderAbsence, 404, error("-2147024893"), true],
    ["folder", isFolderAbsence, 404, error("-2147024894"), true],
    ["folder", isFolderAbsence, 404, error("-2130575338"), true],
    ["folder", isFolderAbsence, 404, error("1-2147024893"), false],
    ["folder", isFolderAbsence, 404, error("1-2147024894"), false],
    ["folder", isFolderAbsence, 404, error("1-2130575338"), false],
    ["folder", isFolderAbsence, 404, error("DirectoryNotFoundException"), true],
    ["folder", isFolderAbsence, 409, error("x", "The Folder does not exist"), true],
    ["folder", isFolderAbsence, 409, error("x", "locked"), false],
    ["folder", isFolderAbsence, 423, error("x", "The folder does not exist"), false],
    ["list", isListAbsence, 404, error("-1, System.ArgumentException"), true],
    ["list", isListAbsence, 404, error("-2130575322"), true],
    ["list", isListAbsence, 404, error("-2147024894"), true],
    ["list", isListAbsence, 404, error("1-2130575322"), false],
    ["list", isListAbsence, 404, error("1-2147024894"), false],
    ["list", isListAbsence, 404, error("-2130575322", ""), false],
    ["list", isListAbsence, 404, error("other"), false],
    ["list", isListAbsence, 403, error("-2130575322"), false],
  ] as const)("%s: %o %i %o is %s", (_, tells, status, said, expected) => {
    expect(tells(status, said)).toBe(expected);
  });

  it.each([
    [error("-1, Microsoft.Office.Server.UserProfiles.UserNotFoundException"), true],
    [error("UserProfileNotFoundException"), true],
    [error("x", "User Profile Error 1000: not loaded"), true],
    [error("x", "User Profile Error 10001"), false],
    [error("x", "access denied"), false],
  ])("profile: %o is %s", (said, expected) => {
    expect(isProfileAbsence(said)).toBe(expected);
  });
});

const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))));
const JPEG = bytes([0xff, 0xd8, 0xff, 0xe0], "pixels", [0xff, 0xd9]);
const webp = (length: number): Buffer => bytes("RIFF", [length, 0, 0, 0], "WEBP", "pixels");

describe("bytes that are a whole picture", () => {
  it.each([
    ["JPEG", JPEG, null],
    ["JPEG, padded behind its end", bytes([...JPEG], "\0\0"), null],
    ["JPEG without its end", JPEG.subarray(0, -2), "the JPEG is cut off"],
    ["JPEG of two marks and nothing else", bytes([0xff, 0xd8, 0xff, 0xd9]), "the JPEG is cut off"],
    ["PNG", bytes([0x89], "PNGdataIEND1234"), null],
    ["PNG without its end", bytes([0x89], "PNGdata"), "the PNG is cut off"],
    ["GIF", bytes("GIF89adata", [0x3b]), null],
    ["GIF without its end", bytes("GIF89adata"), "the GIF is cut off"],
    ["WebP", webp(10), null],
    ["WebP that names more than it has", webp(11), "the WebP is cut off"],
    ["RIFF that is no WebP", bytes("RIFF", [4, 0, 0, 0], "WAVE"), "it is no image"],
    ["WEBP without RIFF", bytes("XIFF", [4, 0, 0, 0], "WEBP"), "it is no image"],
    ["BMP", bytes("BM1234567890"), null],
    ["TIFF, little endian", bytes("II*\0data"), null],
    ["TIFF, big endian", bytes("MM\0*data"), null],
    ["HEIF", bytes([0, 0, 0, 24], "ftypheic"), null],
    ["a picture's mark at the end", bytes("12345678GIF8"), "it is no image"],
    ["a web page", bytes(" \n<html>"), "it is a web page, not an image"],
    ["text with a tag in it", bytes("a <b>"), "it is no image"],
    ["nothing", Buffer.alloc(0), "it is empty"],
  ])("%s", (_, picture, flaw) => {
    expect(imageFlaw(picture)).toBe(flaw);
  });

  it.each([
    ["image/jpeg", JPEG.length, null],
    ["application/octet-stream", JPEG.length, null],
    [undefined, null, null],
    ["text/plain; charset=utf-8", null, "it is text/plain, not an image"],
    [" Text/HTML ", null, "it is text/html, not an image"],
    ["application/xhtml+x", null, "it is application/xhtml+x, not an image"],
    ["application/json", null, "it is application/json, not an image"],
    ["application/atom+xml", null, "it is application/atom+xml, not an image"],
    ["image/jpeg", JPEG.length + 1, `it has ${String(JPEG.length)} bytes where ${String(JPEG.length + 1)} are stored`],
  ])("a download of type %s, %s bytes long in the list", (type, length, flaw) => {
    expect(downloadFlaw(JPEG, type, length)).toBe(flaw);
  });

  const ID = "6f3c0000-0000-4000-8000-000000000001";
  const file = { uniqueId: ID, etag: `"{${ID.toUpperCase()}},1"`, length: JPEG.length };
  it.each([
    ["of the file itself", file, file.etag, null],
    ["of the file itself, id without braces", file, `"${ID},1"`, null],
    ["of another file", file, `"{${ID.replace(/1$/, "2")}},1"`, "it is another file"],
    ["of a file without an id", { ...file, uniqueId: "" }, `"{${ID.replace(/1$/, "2")}},1"`, null],
    ["that changed since", { ...file, length: 5 }, `"{${ID}},2"`, null],
    [
      "that did not change, of another length",
      { ...file, length: 5 },
      file.etag,
      `it has ${String(JPEG.length)} bytes where 5 are stored`,
    ],
    [
      "without an etag, of another length",
      { ...file, length: 5 },
      undefined,
      `it has ${String(JPEG.length)} bytes where 5 are stored`,
    ],
    [
      "listed without an etag, of another length",
      { ...file, etag: null, length: 5 },
      file.etag,
      `it has ${String(JPEG.length)} bytes where 5 are stored`,
    ],
  ])("a download %s", (_, listed, etag, flaw) => {
    const headers: Record<string, string> = etag === undefined ? {} : { etag };
    expect(fileDownloadFlaw(listed, { body: JPEG, headers })).toBe(flaw);
  });
});

describe("JSON of a service", () => {
  it.each([
    ['\ufeff{"a":1}', { kind: "read", value: { a: 1 } }],
    ["", { kind: "not-read", because: "it is empty" }],
    ["  \n", { kind: "not-read", because: "it is empty" }],
    [" <html>", { kind: "not-read", because: "it is a web page where JSON was asked for" }],
    ["{ <", { kind: "not-read", because: "it is no valid JSON, or only a part of it" }],
    ['{"a":', { kind: "not-read", because: "it is no valid JSON, or only a part of it" }],
  ])("%j", (text, expected) => {
    expect(jsonOf(text)).toEqual(expected);
  });
});
