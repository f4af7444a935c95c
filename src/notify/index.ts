export type { NotifiedFinding, NotifiedPerson, RunMessage } from "./message.js";
export type { Mail, NotifyPorts } from "./channel.js";
export { notify, type NotifyResult } from "./notify.js";
