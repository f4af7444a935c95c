/**
 * What people write today (`node bench/per-user-script.mjs SANDBOX USERS`): one user after another, with the vendors' clients - the Graph photo's
 * metadata and bytes with their hash, the SharePoint profile, and the three thumbnails that its PictureURL names.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { ClientCertificateCredential } from "@azure/identity";
import { Client } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";
import { DefaultParse, InjectHeaders, RejectOnError, ResolveOnData } from "@pnp/queryable";
import { spfi } from "@pnp/sp";
import "@pnp/sp/webs/index.js";
import "@pnp/sp/files/index.js";
import "@pnp/sp/profiles/index.js";
import { Agent, fetch } from "undici";
import { parse } from "yaml";

const [dir, count] = process.argv.slice(2);
const { tenant, credential: app } = parse(readFileSync(path.join(dir, "photodrift.yaml"), "utf8"));
const { endpoints } = tenant;
const ca = readFileSync(path.join(dir, "ca.pem"), "utf8");
const dispatcher = new Agent({ connect: { ca } });
const credential = new ClientCertificateCredential(
  tenant.id,
  app.clientId,
  { certificatePath: path.join(dir, "app.pem") },
  { authorityHost: endpoints.login, disableInstanceDiscovery: true, tlsOptions: { ca } },
);
const graph = Client.initWithMiddleware({
  authProvider: new TokenCredentialAuthenticationProvider(credential, {
    scopes: ["https://graph.microsoft.com/.default"],
  }),
  baseUrl: `${endpoints.graph}/`,
  customHosts: new Set(["127.0.0.1"]),
  fetchOptions: { dispatcher },
});
const my = sharePoint(endpoints.sharepointMy);
const admin = sharePoint(endpoints.sharepointAdmin);

const rows = [];
for await (const user of firstUsers(Number(count))) rows.push(await read(user));
process.stdout.write(`${JSON.stringify(rows)}\n`);

async function* firstUsers(most) {
  let left = most;
  let page = await graph.api("/users").top(999).select("id,userPrincipalName").get();
  for (;;) {
    for (const user of page.value) {
      if (left-- <= 0) return;
      yield user;
    }
    const next = page["@odata.nextLink"];
    if (next === undefined) return;
    page = await graph.api(next).get();
  }
}

async function read({ id, userPrincipalName: upn }) {
  const photo = await orNull(graph.api(`/users/${id}/photo`).get());
  const bytes = photo && (await orNull(graph.api(`/users/${id}/photo/$value`).responseType("arraybuffer").get()));
  const profile = await orNull(admin.profiles.getPropertiesFor(`i:0#.f|membership|${upn}`));
  const url = profile?.UserProfileProperties?.find(({ Key }) => Key === "PictureURL")?.Value ?? "";
  const thumbnails = [];
  for (const size of url === "" ? [] : ["S", "M", "L"]) {
    const file = decodeURIComponent(new URL(url).pathname).replace("_MThumb", `_${size}Thumb`);
    thumbnails.push(hashOf(await orNull(my.web.getFileByServerRelativePath(file).getBuffer())));
  }
  return { upn, etag: photo?.["@odata.mediaEtag"] ?? null, photo: hashOf(bytes), url, thumbnails };
}

function hashOf(bytes) {
  return bytes ? createHash("sha256").update(Buffer.from(bytes)).digest("hex") : null;
}

async function orNull(asking) {
  return asking.catch(() => null);
}

function sharePoint(origin) {
  let token = null;
  return spfi(origin).using(
    InjectHeaders({ Accept: "application/json;odata=nometadata", "User-Agent": "NONISV|Contoso|PhotoScript/1.0" }),
    RejectOnError(),
    ResolveOnData(),
    DefaultParse(),
    (instance) => {
      instance.on.send.replace(async (url, init) => {
        // The token is for the tenant's own name of the host, wherever that is reached.
        token ??= (await credential.getToken(`${origin}/.default`)).token;
        return await fetch(url, {
          ...init,
          headers: { ...init.headers, authorization: `Bearer ${token}` },
          dispatcher,
        });
      });
      return instance;
    },
  );
}
