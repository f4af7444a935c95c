/**
 * The parts of undici that every command with a tenant needs, by the files that hold them: its index loads fetch, sockets, caches and mocks too, and so
 * does Node's own copy, for a tenth of a second at each start. The package bars no path; the build and the tests fail where one is gone.
 */
declare module "undici/lib/dispatcher/agent.js" {
  export { Agent as default } from "undici";
}
declare module "undici/lib/dispatcher/env-http-proxy-agent.js" {
  export { EnvHttpProxyAgent as default } from "undici";
}
declare module "undici/lib/dispatcher/dispatcher.js" {
  export { Dispatcher as default } from "undici";
}
declare module "undici/lib/api/index.js" {
  import type { Dispatcher } from "undici";
  /** The index puts these on the prototype of every dispatcher. */
  const api: Pick<Dispatcher, "request" | "stream" | "pipeline" | "upgrade" | "connect">;
  export default api;
}
