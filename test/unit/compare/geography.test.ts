import { describe, expect, it } from "vitest";
import { siteOfPicture } from "../../../src/compare/geography.js";

const HERE = "https://contoso-my.sharepoint.com:443/User%20Photos/Profile%20Pictures/anna_contoso_com_MThumb.jpg";
const on = (host: string, file = "anna_contoso_com"): string =>
  `https://${host}/User Photos/Profile Pictures/${file}_MThumb.jpg`;
const signs = (
  pictureUrl: string,
  more: { personalSiteHost?: string; hasFiles?: boolean; expectedUrl?: string } = {},
) => ({
  pictureUrl,
  personalSiteHost: null,
  expectedUrl: HERE,
  hasFiles: true,
  ...more,
});

describe("where a PictureURL leads", () => {
  it.each([
    ["nowhere", ""],
    ["here, in SharePoint's spelling", HERE],
    ["here, without port", on("contoso-my.sharepoint.com")],
    ["to another file here", on("contoso-my.sharepoint.com", "ben_contoso_com")],
    ["to some picture on the web", "https://cdn.example.com/anna.png"],
  ])("%s: nothing special", (_, url) => {
    expect(siteOfPicture(signs(url))).toEqual({ kind: "here" });
  });

  it.each([
    ["the name with a location code", on("contosoeur-my.sharepoint.com", "whatever")],
    ["in capitals, same path", on("contosoEUR-my.sharepoint.com")],
    ["Japan", on("contosojpn-my.sharepoint.com")],
  ])("another geography of the tenant: %s", (_, url) => {
    const found = siteOfPicture(signs(url));
    expect(found).toMatchObject({ kind: "elsewhere", host: expect.stringMatching(/^contoso(eur|jpn)-my/) as string });
  });

  it("the service's own word for the user's host decides, also while PictureURL is empty", () => {
    const personalSiteHost = "contosoapc-my.sharepoint.com";
    expect(siteOfPicture(signs("", { personalSiteHost }))).toEqual({ kind: "elsewhere", host: personalSiteHost });
  });

  it("an unknown My Site host without files here is left alone", () => {
    expect(siteOfPicture(signs(on("fabrikam-my.sharepoint.com", "x"), { hasFiles: false })).kind).toBe("elsewhere");
    const personalSiteHost = "contoso-my.sharepoint.com";
    expect(
      siteOfPicture(signs(on("fabrikam-my.sharepoint.com", "x"), { hasFiles: false, personalSiteHost })).kind,
    ).toBe("here");
  });

  it("a former name of the tenant: the same file on another host", () => {
    expect(siteOfPicture(signs(on("fabrikam-my.sharepoint.com")))).toEqual({
      kind: "other-host",
      host: "fabrikam-my.sharepoint.com",
    });
    // Fabrikam was renamed to a shorter name: no location code stands behind it.
    expect(siteOfPicture(signs(on("contosogroup-my.sharepoint.com"))).kind).toBe("other-host");
  });

  it("behind a custom address the host is what SharePoint says of itself", () => {
    const expectedUrl = HERE.replace("contoso-my.sharepoint.com:443", "pictures.example.net:8443");
    expect(siteOfPicture(signs(on("pictures.example.net:8443"), { expectedUrl })).kind).toBe("here");
    expect(siteOfPicture(signs(on("contoso-my.sharepoint.com"), { expectedUrl })).kind).toBe("other-host");
  });

  // One row: the library's host, PictureURL's host (the same path), the host that the service names, files in this library; where it leads.
  it.each<[string, string, string, string | null, boolean, string]>([
    [
      "the service names another cloud's host",
      "contoso-my.x.com",
      "contoso-my.x.com",
      "contosoapc-my.y.us",
      true,
      "here",
    ],
    [
      "the service names a host of its own, which PictureURL names too",
      "contoso-my.x.com",
      "me.x.com",
      "me.x.com",
      true,
      "here",
    ],
    ["the service names this host", "contoso-my.x.com", "contoso-my.x.com", "contoso-my.x.com", true, "here"],
    [
      "the service names a My Site host of no geography",
      "contoso-my.x.com",
      "contoso-my.x.com",
      "fab-my.x.com",
      true,
      "here",
    ],
    [
      "... which PictureURL names too",
      "contoso-my.x.com",
      "fab-my.x.com",
      "fab-my.x.com",
      true,
      "elsewhere fab-my.x.com",
    ],
    ["a sibling without files here", "contoso-my.x.com", "fab-my.x.com", null, false, "elsewhere fab-my.x.com"],
    ["no My Site host, without files here", "contoso-my.x.com", "me.x.com", null, false, "other-host me.x.com"],
    [
      "a location code in another cloud",
      "contoso-my.x.com",
      "contosoeur-my.y.us",
      null,
      true,
      "other-host contosoeur-my.y.us",
    ],
    [
      "a location code behind a hyphen",
      "contoso-my.x.com",
      "contoso-eur-my.x.com",
      null,
      true,
      "elsewhere contoso-eur-my.x.com",
    ],
    [
      "a hyphen inside of what looks like a code",
      "contoso-my.x.com",
      "contosoe-ur-my.x.com",
      null,
      true,
      "other-host contosoe-ur-my.x.com",
    ],
    [
      "another name that ends in a code",
      "contoso-my.x.com",
      "fabeur-my.x.com",
      null,
      true,
      "other-host fabeur-my.x.com",
    ],
    [
      "the central geography, seen from a satellite",
      "contosoeur-my.x.com",
      "contoso-my.x.com",
      null,
      true,
      "elsewhere contoso-my.x.com",
    ],
    [
      "a host below a satellite's",
      "contoso-my.x.com",
      "a.contosoeur-my.x.com",
      null,
      true,
      "other-host a.contosoeur-my.x.com",
    ],
  ])("%s", (_, own, host, personalSiteHost, hasFiles, wanted) => {
    const found = siteOfPicture({ pictureUrl: on(host), personalSiteHost, expectedUrl: on(own), hasFiles });
    expect(found.kind === "here" ? found.kind : `${found.kind} ${found.host}`).toBe(wanted);
  });

  it("text that is no URL names no other host, whatever path it ends in", () => {
    const pictureUrl = on("fabrikam-my.sharepoint.com").replace("https://", "");
    expect(siteOfPicture(signs(pictureUrl))).toEqual({ kind: "here" });
  });
});
