export type { Mail } from "./mail.js";
export type { NotifiedFinding, NotifiedPerson, RunMessage } from "./message.js";
export { notify, type NotifyPorts, type NotifyResult } from "./notify.js";
