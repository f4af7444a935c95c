import type { CloudPhotoWriter, SharePointWriter } from "../run/ports.js";
import { createCloudPhotoWriter } from "./cloud-photo/writer.js";
import type { TenantReaders } from "./readers.js";
import { createSharePointWriter } from "./sharepoint/writer.js";

export interface TenantWriters {
  readonly cloudPhotoWriter: CloudPhotoWriter;
  readonly sharePointWriter: SharePointWriter;
}

/** The writers of an opened tenant. Only apply and undo are composed with them. */
export function openWriters(tenant: TenantReaders): TenantWriters {
  return {
    cloudPhotoWriter: createCloudPhotoWriter(tenant.connection.graph, () => tenant.cloudPhotos.policy()),
    sharePointWriter: createSharePointWriter(tenant.connection.sharePoint),
  };
}
