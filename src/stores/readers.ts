import type { CloudPhotoReader, DirectoryReader, Meter, SharePointReader } from "../run/ports.js";
import type { Graph } from "./http/graph.js";
import type { OutsideFetch } from "./http/outside.js";
import type { Tokens } from "./http/tokens.js";
import type { Door } from "./http/types.js";
import type { SharePoint } from "./sharepoint/api.js";

/** What readers and writers share: one door, one set of tokens, one meter. */
export interface TenantConnection {
  readonly graph: Graph;
  readonly sharePoint: SharePoint;
  readonly tokens: Tokens;
  readonly door: Door;
}

/** A tenant opened for reading. */
export interface TenantReaders {
  readonly directory: DirectoryReader;
  readonly cloudPhotos: CloudPhotoReader;
  readonly sharePoint: SharePointReader;
  readonly meter: Meter;
  readonly connection: TenantConnection;
  /** Hosts that are not the tenant's, by its proxy and trust. */
  readonly outside: OutsideFetch;
  /** Ends all connections, and what was begun over them that nobody waits for any more. */
  close(): Promise<void>;
}

/** The readers of an open tenant. */
export type OpenTenant = TenantReaders;
