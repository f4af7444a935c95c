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
});
