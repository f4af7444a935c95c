import { PhotodriftError } from "../../model/errors.js";

/** The proxies of the environment as URLs, "" for none. They may hold a password: not for messages. */
export interface Proxies {
  readonly https: string;
  readonly http: string;
  /** As it was given. */
  readonly exempt: string;
}

/**
 * HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in lower case first, as they are honoured. An address without a scheme is one of http://, as curl
 * and the package managers read it.
 * @throws PhotodriftError `proxy-invalid` (usage), which never repeats what was given: it may hold a password
 */
export function proxiesOf(env: NodeJS.ProcessEnv): Proxies {
  return {
    https: proxyOf(env, "https_proxy"),
    http: proxyOf(env, "http_proxy"),
    exempt: env["no_proxy"] ?? env["NO_PROXY"] ?? "",
  };
}

function proxyOf(env: NodeJS.ProcessEnv, lower: string): string {
  const name = env[lower] === undefined ? lower.toUpperCase() : lower;
  const given = (env[name] ?? "").trim();
  if (given === "") return "";
  const address = given.includes("://") ? given : `http://${given}`;
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "http" && scheme !== "https") {
    throw invalid(name, `names a proxy of ${scheme}://; only those of http:// and https:// are known`);
  }
  if (!URL.canParse(address)) throw invalid(name, "is not the address of a proxy");
  const { username, password, pathname, search, hash } = new URL(address);
  // A sign of a password that was cut at / ? or #: its rest would be taken for a path, and its beginning for a port.
  const cut = `${pathname}${search}${hash}`.includes("@");
  if (cut || !decodes(username) || !decodes(password)) throw invalid(name, "holds a password that cannot be read");
  return address;
}

const CURE =
  "set it to http://host:port, or http://user:password@host:port with / ? # @ : % in the password as %2F %3F %23 %40 %3A %25; take it away to go without a proxy";

function decodes(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function invalid(name: string, what: string): PhotodriftError {
  return new PhotodriftError("proxy-invalid", `The environment variable ${name} ${what}.`, CURE, "usage");
}
