import { describe, expect, it } from "vitest";
import { knownError } from "../../src/cli/known-errors.js";
import { errorText } from "../../src/cli/terminal/terminal.js";
import { loginFailure } from "../../src/stores/http/login-failures.js";

const ERRNO =
  "ENOSPC EDQUOT EROFS EACCES EPERM EMFILE ENFILE EIO EBUSY ENOENT ENOTDIR EISDIR ENAMETOOLONG ELOOP ETXTBSY EPIPE";
const SQLITE =
  "SQLITE_FULL SQLITE_READONLY SQLITE_READONLY_DIRECTORY SQLITE_READONLY_DBMOVED SQLITE_BUSY SQLITE_BUSY_SNAPSHOT SQLITE_LOCKED SQLITE_CORRUPT SQLITE_CORRUPT_INDEX SQLITE_NOTADB SQLITE_CANTOPEN SQLITE_CANTOPEN_ISDIR SQLITE_IOERR SQLITE_IOERR_WRITE SQLITE_IOERR_FSYNC";

describe("errors of the system", () => {
  it.each(ERRNO.split(" "))("%s is told with the file and a cure", (code) => {
    const text = errorText(knownError(Object.assign(new Error(code), { code, path: "/data/report.html" })), false);

    expect(text).toMatch(new RegExp(`^error: /data/report\\.html: .+ \\(${code}\\)\\.\n {2}cure: .+\n$`));
    expect(text).not.toMatch(/unexpected|report it/);
  });

  it.each(SQLITE.split(" "))("%s names the state file", (code) => {
    const text = errorText(knownError(Object.assign(new Error("x"), { code }), "/data/state.db"), false);

    expect(text).toMatch(new RegExp(`^error: /data/state\\.db: .+ \\(${code}\\)\\.\n {2}cure: .+\n$`));
  });

  it("tells a module of another Node", () => {
    const error = new Error("was compiled against a different Node.js version using NODE_MODULE_VERSION 115");

    expect(knownError(error)).toMatchObject({ hint: expect.stringContaining("npm rebuild better-sqlite3") as string });
  });

  it("leaves what it does not know", () => {
    const error = new Error("toString");

    expect(knownError(error)).toBe(error);
    expect(knownError(Object.assign(new Error("x"), { code: "toString" }))).not.toMatchObject({
      name: "PhotodriftError",
    });
  });
});

describe("a refused certificate", () => {
  it.each([
    ["The key used is expired.", "certificate-expired", /expired/],
    ["The key was not found.", "certificate-wrong", /upload/],
  ])("%s", (reason, code, hint) => {
    const error = new Error(
      `AADSTS700027: Client assertion failed signature validation. [Reason - ${reason}, Thumbprint]`,
    );

    expect(loginFailure(error, "https://login.example", "Graph")).toMatchObject({
      code,
      hint: expect.stringMatching(hint) as string,
    });
  });
});
