import type { Cost } from "../../model/run.js";
import type { Meter } from "../../run/ports.js";
import type { Service } from "./types.js";

/** Counts what a run costs. */
export interface CostMeter extends Meter {
  request(service: Service, bytesOut: number): void;
  received(bytes: number): void;
  throttled(): void;
  waited(milliseconds: number): void;
  imageDownloaded(): void;
}

export function createMeter(): CostMeter {
  const requests = { login: 0, graph: 0, sharepoint: 0, exchange: 0 };
  let bytesIn = 0;
  let bytesOut = 0;
  let throttled = 0;
  let waitedMs = 0;
  let imagesDownloaded = 0;
  return {
    request(service, bytes) {
      requests[service]++;
      bytesOut += bytes;
    },
    received(bytes) {
      bytesIn += bytes;
    },
    throttled() {
      throttled++;
    },
    waited(milliseconds) {
      waitedMs += milliseconds;
    },
    imageDownloaded() {
      imagesDownloaded++;
    },
    cost(): Cost {
      const waitedSeconds = Math.round(waitedMs / 100) / 10;
      return { requests: { ...requests }, bytesIn, bytesOut, throttled, waitedSeconds, imagesDownloaded };
    },
  };
}
