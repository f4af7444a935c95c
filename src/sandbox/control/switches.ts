import type { SandboxState } from "../state.js";
import { isOn } from "./values.js";

type Setter = (state: SandboxState, value: string, key: string) => void;

function choice<T extends string>(known: readonly T[], assign: (state: SandboxState, value: T) => void): Setter {
  return (state, value, key) => {
    const found = known.find((name) => name === value);
    if (found === undefined) throw new Error(`${key}=${value}: expected ${known.join(" or ")}`);
    assign(state, found);
  };
}

function flag(assign: (state: SandboxState, value: boolean) => void): Setter {
  return (state, value, key) => assign(state, isOn(key, value));
}

function whole(least: number, assign: (state: SandboxState, value: number) => void): Setter {
  return (state, value, key) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least) {
      throw new Error(`${key}=${value}: expected a whole number from ${String(least)}`);
    }
    assign(state, number);
  };
}

/** Every switch by name: unknown wire facts (both answers can be served), and how strict the services are. */
const SWITCHES: { readonly [key: string]: Setter } = {
  photoService: choice(["merged", "split"], (state, value) => (state.tenant.switches.photoService = value)),
  noPhoto: choice(["image-not-found", "one-by-one"], (state, value) => (state.tenant.switches.noPhoto = value)),
  photoEtagHeader: flag((state, value) => (state.tenant.switches.photoEtagHeader = value)),
  conditionalGet: flag((state, value) => (state.tenant.switches.conditionalGet = value)),
  missingSize: choice(["resize", "not-found"], (state, value) => (state.tenant.switches.missingSize = value)),
  batchOrder: choice(["shuffled", "in-order"], (state, value) => (state.tenant.switches.batchOrder = value)),
  driveVisible: flag((state, value) => (state.tenant.switches.driveVisible = value)),
  rateLimitHeaders: flag((state, value) => (state.tenant.switches.rateLimitHeaders = value)),
  sharePointPull: flag((state, value) => (state.tenant.switches.sharePointPull = value)),
  itemFileSize: flag((state, value) => (state.tenant.switches.itemFileSize = value)),
  peopleManagerQuota: flag((state, value) => (state.tenant.switches.peopleManagerQuota = value)),
  sharePointResourceUnits: flag((state, value) => (state.tenant.switches.sharePointResourceUnits = value)),
  tokenClock: choice(["real", "virtual"], (state, value) => (state.services.tokenClock = value)),
  deltaExpired: choice(["gone", "bad-request"], (state, value) => (state.services.deltaExpired = value)),
  throttling: flag((state, value) => (state.services.throttling = value)),
  ews: flag((state, value) => (state.services.ews = value)),
  secretExpired: flag((state, value) => (state.services.secretExpired = value)),
  directoryLag: whole(0, (state, value) => (state.services.directoryLag = value)),
  latency: whole(0, (state, value) => (state.services.latency = value)),
  deltaPage: whole(1, (state, value) => (state.services.deltaPage = value)),
};

/** False when there is no such switch. Throws Error for a value it cannot have. */
export function setSwitch(state: SandboxState, key: string, value: string): boolean {
  const setter = SWITCHES[key];
  setter?.(state, value, key);
  return setter !== undefined;
}
