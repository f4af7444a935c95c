import { picture } from "../../support/tenant/pictures.js";
import { ORIGIN } from "../../support/tenant/settings.js";
import type { World } from "./world.js";

/** Anna is right, Ben has no photo, strangers show on Carl and Emil, Dora has Anna's face; Fay has no master, and the others are right. */
export function people(world: World): void {
  world.add("anna");
  world.add("ben", { cloud: null });
  world.add("carl", { cloud: "stranger", files: "stranger" });
  world.add("dora", { cloud: "anna" });
  world.add("emil", { cloud: "stranger" });
  world.add("fay", { master: null, cloud: "fay", files: "old fay" });
  world.add("gil", { files: null });
  world.add("hal");
  world.add("ida");
  // Kit shows what somebody left who is not in the directory any more.
  world.add("kit", { files: null });
  const { L, M, S } = world.person(at("hal")).files;
  world.tenant.add(at("leo"), { left: true, files: { L, M, S } });
  namesFilesOf(world, "kit", "leo");
}

export const at = (name: string) => `${name}@contoso.com`;

function namesFilesOf(world: World, name: string, other: string): void {
  const { id } = world.person(at(other)).user;
  world.person(at(name)).profile.PictureURL = `${ORIGIN}/User%20Photos/Profile%20Pictures/${id}_MThumb.jpg`;
}

function show(world: World, name: string, shows: string | null): void {
  world.person(at(name)).cloud = shows === null ? null : { bytes: picture(shows, 240), etag: world.etag() };
}

function showThumbnail(world: World, name: string, size: "S" | "L", shows: string | null): void {
  world.person(at(name)).files[size] = shows === null ? null : world.tenant.file(shows, size === "S" ? 48 : 200);
  world.libraryVersion++;
}

/** What may become of them, or of the services, between two runs. */
export const CHANGES: Readonly<Record<string, (world: World) => void>> = {
  "a photo of somebody else": (world) => show(world, "anna", "hal"),
  "a photo of nobody who is known": (world) => show(world, "hal", "new"),
  "a photo that puts right what was wrong": (world) => show(world, "dora", "dora"),
  "a photo less": (world) => show(world, "hal", null),
  "a first photo": (world) => show(world, "ben", "ben"),
  "a new etag over the same picture": (world) => show(world, "ida", "ida"),
  "a third account with a picture that two had": (world) => show(world, "hal", "stranger"),
  "one account less with it": (world) => show(world, "emil", "emil"),
  "metadata that do not come": (world) => void world.unreadable.add(at("hal")),
  "metadata that are refused": (world) => void world.refused.set(at("carl"), "400 odd"),
  "bytes that are refused": (world) => {
    show(world, "ida", "other");
    world.refusedBytes.set(at("ida"), "400 odd");
  },
  "another large thumbnail": (world) => showThumbnail(world, "hal", "L", "stranger"),
  "another small thumbnail": (world) => showThumbnail(world, "ida", "S", "carl"),
  "a thumbnail less": (world) => showThumbnail(world, "anna", "S", null),
  "a thumbnail that agrees at last": (world) => showThumbnail(world, "fay", "L", "fay"),
  "a PictureURL that names another's files": (world) => namesFilesOf(world, "carl", "hal"),
  "a PictureURL that makes files nobody's": (world) => namesFilesOf(world, "anna", "leo"),
  "a PictureURL less": (world) => void (world.person(at("hal")).profile.PictureURL = ""),
  "a placeholder state": (world) => void (world.person(at("ida")).profile["SPS-PicturePlaceholderState"] = "1"),
  "a profile that is refused": (world) => void world.refusedProfiles.set(at("ida"), "400 odd"),
  "another master": (world) => void world.masters.set(`${at("hal")}.jpg`, "hal, ten years later"),
  "a master less": (world) => void world.masters.delete(`${at("ida")}.jpg`),
  "a consent less": (world) => void (world.consent = [{ line: 2, user: at("hal") }]),
  "a user more": (world) => void world.add("jon", { cloud: "hal" }),
  "profiles that do not come": (world) => void world.down.add("profiles"),
  "no library": (world) => void world.down.add("locate"),
  "a library whose files cannot be read": (world) => {
    showThumbnail(world, "ida", "L", "new");
    world.down.add("download");
  },
  "no cloud photos": (world) => void world.down.add("metadata"),
};
