import { chmod, mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMasterSource, type MasterSourceOptions } from "../../../src/source/index.js";

let folder = "";
const LONG_AGO = new Date("2024-01-01T00:00:00Z");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "photodrift-source-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function put(file: string, content = "x"): Promise<string> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await utimes(path, LONG_AGO, LONG_AGO);
  return path;
}

function source(options: Partial<MasterSourceOptions> = {}) {
  return createMasterSource({ folder, recursive: false, settleMs: 20, ...options });
}

async function scan(options: Partial<MasterSourceOptions> = {}) {
  const { files, skipped } = await source(options).scan();
  return {
    files: files.map((file) => file.file),
    skipped: Object.fromEntries(skipped.map((entry) => [entry.file, entry.reason])),
  };
}

describe("scanning the folder of masters", () => {
  it("lists images with size and time, sorted, with forward slashes", async () => {
    const path = await put("b/Jörg Müller.JPG", "12345");
    await put("a.png");

    const { files } = await source({ recursive: true }).scan();

    expect(files).toEqual([
      { file: "a.png", path: join(folder, "a.png"), bytes: 1, mtimeMs: LONG_AGO.getTime() },
      { file: "b/Jörg Müller.JPG", path, bytes: 5, mtimeMs: LONG_AGO.getTime() },
    ]);
  });

  it("names everything it leaves out, with the reason", async () => {
    await put("anna@contoso.com.jpg");
    await put(".hidden.jpg");
    await put("._anna@contoso.com.jpg");
    await put("Thumbs.db");
    await put("desktop.ini");
    await put("people.csv");
    await put("noextension");
    await put("nested/bob.jpg");

    expect(await scan()).toEqual({
      files: ["anna@contoso.com.jpg"],
      skipped: {
        ".hidden.jpg": "hidden",
        "._anna@contoso.com.jpg": "resource fork of macOS",
        "Thumbs.db": "file of the operating system",
        "desktop.ini": "file of the operating system",
        "people.csv": "not an image name",
        noextension: "not an image name",
        nested: "folder (source.recursive is false)",
      },
    });
  });

  it.each([
    ["anna@contoso.com.pdf", "a document, not an image: export the portrait as JPEG"],
    ["Portraits.PPTX", "a document, not an image: save the picture in it as JPEG"],
    ["anna.mov", "a video, not an image: save a single picture of it as JPEG"],
    ["portraits 2026.zip", "an archive, not an image: unpack the pictures in it"],
    ["RE portrait.msg", "a mail, not an image: save the picture in it as JPEG"],
    ["pdf", "not an image name"],
    ["notes.txt", "not an image name"],
  ])("says how a portrait gets out of %s", async (file, reason) => {
    await put("anna@contoso.com.jpg");
    await put(file, "anything");

    expect(await scan()).toEqual({ files: ["anna@contoso.com.jpg"], skipped: { [file]: reason } });
  });

  it("keeps image names whatever is in them: empty, text, HEIC, upper case", async () => {
    for (const file of ["empty.jpg", "a.HEIC", "b.Jpeg", "c.tiff", "d.avif", "e.webp", "f.gif", "g.bmp"]) {
      await put(file, file === "empty.jpg" ? "" : "no image");
    }

    expect((await scan()).files).toHaveLength(8);
  });

  it("follows a link to a picture inside the folder, and none that leaves it, loops or leads nowhere", async () => {
    const outside = await mkdtemp(join(tmpdir(), "photodrift-outside-"));
    await writeFile(join(outside, "secret.jpg"), "x");
    await put("real.jpg");
    await mkdir(join(folder, "sub"));
    await symlink("real.jpg", join(folder, "alias.jpg"));
    await symlink(join(outside, "secret.jpg"), join(folder, "out.jpg"));
    await symlink("nowhere.jpg", join(folder, "dead.jpg"));
    await symlink("self.jpg", join(folder, "self.jpg"));
    await symlink(".", join(folder, "sub", "loop"));

    const found = await scan({ recursive: true });
    await rm(outside, { recursive: true });

    expect(found.files).toEqual(["alias.jpg", "real.jpg"]);
    expect(found.skipped).toEqual({
      "out.jpg": "symbolic link that leaves the source folder",
      "dead.jpg": "symbolic link that leads nowhere",
      "self.jpg": "symbolic link that leads nowhere",
      "sub/loop": "symbolic link to a folder, not followed",
    });
  });

  it.skipIf(process.platform === "win32")(
    "says what to do about a picture that no permission makes readable",
    async () => {
      await put("a.jpg");
      await mkdir(join(folder, "folder.jpg"));
      await symlink("nowhere.jpg", join(folder, "dead.jpg"));
      await symlink(tmpdir(), join(folder, "out.jpg"));
      await symlink(".", join(folder, "here.jpg"));
      await writeFile(Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.from([0xff]), Buffer.from(".jpg")]), "x");

      const { skipped } = await source().scan();

      expect(Object.fromEntries(skipped.map(({ file, reason, cure }) => [file, `${reason}: ${String(cure)}`]))).toEqual(
        {
          "folder.jpg": expect.stringMatching(/^folder .*: Move the picture out/) as string,
          "dead.jpg": expect.stringMatching(/leads nowhere: Put the picture itself there/) as string,
          "out.jpg": expect.stringMatching(/leaves the source folder: Copy the picture into/) as string,
          "here.jpg": expect.stringMatching(/link to a folder, not followed: Put the picture/) as string,
          "bad\uFFFD.jpg": expect.stringMatching(/not valid UTF-8.*: Rename the file/) as string,
        },
      );
    },
  );

  it("takes a folder that is itself a link", async () => {
    await put("real/a.jpg");
    await symlink("real", join(folder, "link"));

    expect((await scan({ folder: join(folder, "link") })).files).toEqual(["a.jpg"]);
  });

  it.skipIf(process.platform === "win32")("never opens what is no regular file", async () => {
    await put("a.jpg");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, "socket.jpg"), resolve));

    const found = await scan();
    server.close();

    expect(found).toEqual({ files: ["a.jpg"], skipped: { "socket.jpg": "not a regular file" } });
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)("names what it may not read", async () => {
    await put("a.jpg");
    await chmod(await put("b.jpg"), 0);
    await put("closed/c.jpg");
    await chmod(join(folder, "closed"), 0);

    const { files, skipped } = await scan({ recursive: true });
    await chmod(join(folder, "closed"), 0o700);

    expect(files).toEqual(["a.jpg"]);
    expect(skipped["b.jpg"]).toContain("cannot be read (EACCES)");
    expect(skipped["closed"]).toContain("cannot be read (EACCES)");
  });

  it("takes a fresh file that has settled, and leaves one that is being written", async () => {
    await writeFile(join(folder, "fresh.jpg"), "whole");
    await writeFile(join(folder, "growing.jpg"), "half");
    let looks = 0;
    // The clock is asked between the two looks: the moment to let the file grow.
    const now = () => {
      if (++looks === 2) setTimeout(() => void truncate(join(folder, "growing.jpg"), 1_000), 10);
      return Date.now();
    };

    expect(await scan({ settleMs: 400, now })).toEqual({
      files: ["fresh.jpg"],
      skipped: { "growing.jpg": "it is being written; the next run takes it" },
    });
  });

  it.each([
    ["the source is named by a link", "link", "real/archive"],
    ["the archive is named through a link", "real", "link/archive"],
    ["the archive is a link", "real", "to-archive"],
    ["both are", "link", "to-archive"],
    ["a slash stands at the end", "real", "real/archive/"],
    ["the way leads up and down", "link", "real/../link/./archive//"],
  ])("does not scan an archive inside the source where %s", async (_, sourceName, archiveName) => {
    await put("real/a.jpg");
    await put("real/archive/old.jpg");
    await put("real/archived/b.jpg");
    await symlink(join(folder, "real"), join(folder, "link"));
    await symlink(join(folder, "real", "archive"), join(folder, "to-archive"));

    const found = await scan({
      folder: join(folder, sourceName),
      archive: `${folder}/${archiveName}`,
      recursive: true,
    });
    expect(found).toEqual({ files: ["a.jpg", "archived/b.jpg"], skipped: {} });
  });

  it("does not scan an archive that lies inside the source, nor the marker", async () => {
    await put("a.jpg");
    await put("archive/old.jpg");
    await put("MARKER");

    expect(await scan({ recursive: true, archive: join(folder, "archive"), marker: "MARKER" })).toEqual({
      files: ["a.jpg"],
      skipped: {},
    });
  });

  it("lists thousands of files in nested folders", async () => {
    for (let i = 0; i < 40; i++) {
      await mkdir(join(folder, `d${i}`));
      await Promise.all(Array.from({ length: 50 }, (_, j) => writeFile(join(folder, `d${i}`, `${j}.jpg`), "")));
    }

    const { files } = await scan({ recursive: true });

    expect(files).toHaveLength(2_000);
    expect(files).toEqual([...files].sort());
  });

  it("stops beyond the largest number of images instead of taking a part", async () => {
    await put("a.jpg");
    await put("b.jpg");

    await expect(scan({ maxFiles: 1 })).rejects.toMatchObject({ code: "source-too-large" });
  });
});

describe("source guards", () => {
  it("tells a missing folder from an empty one and from a missing marker", async () => {
    await expect(scan({ folder: join(folder, "no") })).rejects.toMatchObject({
      code: "source-missing",
      errorClass: "failed",
    });
    await expect(scan()).rejects.toMatchObject({ code: "source-empty", errorClass: "refused" });
    await expect(scan({ marker: ".photodrift-source" })).rejects.toMatchObject({
      code: "source-marker-missing",
      errorClass: "refused",
    });
  });

  it("takes an unmounted share with a marker for a refusal, not for a failure", async () => {
    await expect(scan({ folder: join(folder, "mnt"), marker: "m" })).rejects.toMatchObject({
      code: "source-marker-missing",
      errorClass: "refused",
    });
  });

  it("says so when the folder is a file", async () => {
    const path = await put("a.jpg");

    await expect(scan({ folder: path })).rejects.toMatchObject({ code: "source-missing" });
  });

  it("runs when the marker is there", async () => {
    await put("a.jpg");
    await put(".photodrift-source");

    expect(await scan({ marker: ".photodrift-source" })).toEqual({ files: ["a.jpg"], skipped: {} });
  });

  it("counts a folder of other files as empty", async () => {
    await put("readme.txt");

    await expect(scan()).rejects.toThrow(/holds no image \(1 other entry was left out\)/);
  });

  it("gives a message with a cure and no stack for each", async () => {
    const error = await scan().catch((reason: unknown) => reason);

    expect(error).toMatchObject({ name: "PhotodriftError", hint: expect.stringContaining("source.folder") as string });
  });
});
