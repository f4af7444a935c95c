import { describe, expect, it } from "vitest";
import { entraAddress } from "../../src/model/address.js";
import { plain } from "../../src/model/text.js";
import { renderTable, textTable } from "../../src/report/index.js";
import { excerpt, redact } from "../../src/stores/http/redact.js";

/** A name with a direction mark, an override, a line break, an escape sequence and a soft hyphen. */
const HOSTILE = "A\u200enn\u202ea\nB\u001b[31merg\u00ad";
const SHOWN = "Ann\ufffda B\ufffd[31merg";
const DANGEROUS = /(?!\n)\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const rows = [["a", HOSTILE]];
const table = { title: HOSTILE, columns: ["id", "name"], rows };

describe("one foreign string, one result wherever people see it", () => {
  it.each<[string, string, string]>([
    ["the terminal", textTable(table.columns, rows), SHOWN],
    ["Markdown", [...renderTable(table, "md")].join(""), "Ann\ufffda B\ufffd\\[31merg"],
    ["HTML", [...renderTable(table, "html")].join(""), SHOWN],
    ["a message of a service", excerpt(HOSTILE), SHOWN],
  ])("%s", (_, text, shown) => {
    expect(text).toContain(shown);
    expect(text).not.toMatch(DANGEROUS);
  });

  it("masks what is secret before it is shown, and leaves the rest", () => {
    expect(plain(redact(`${HOSTILE} client_secret=abc`))).toBe(`${SHOWN} client_secret=***`);
  });

  it("never touches addresses: they are names, not text", () => {
    expect(entraAddress("anna@contoso.com")).toBe("entra/anna@contoso.com");
  });
});
