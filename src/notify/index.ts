export type { Mail } from "./mail.js";
export type { NotifiedFinding, RunMessage } from "./message.js";
export { notify, type NotifyPorts, type NotifyResult } from "./notify.js";
