import type { TenantReaders } from "./readers.js";
import { asStoreError } from "./http/failures.js";
import { proxiesOf } from "./http/proxies.js";
import type { Probe } from "./probe.js";

/** The login refuses assertions from a clock that is further off (AADSTS700024). */
const REFUSED_SKEW_S = 300;
const NOTICEABLE_SKEW_S = 60;

/**
 * The way to the login without any credential: reached at all, through which proxy, trusted by what, and how far the clocks are apart.
 * @param login origin @param env proxy variables
 */
export async function* networkProbes(
  tenant: TenantReaders,
  login: string,
  tenantId: string,
  env: NodeJS.ProcessEnv,
): AsyncGenerator<Probe> {
  const url = `${login}/${encodeURIComponent(tenantId)}/v2.0/.well-known/openid-configuration`;
  const name = "network";
  const proxy = proxyWords(login, env);
  try {
    const answer = await tenant.connection.door.send({
      service: "login",
      method: "GET",
      url,
      headers: { accept: "application/json" },
      asks: "reach the login",
      repeat: "always",
      purpose: "read",
      maxBytes: 1024 * 1024,
    });
    yield { name, ok: true, detail: `${new URL(login).host} reached ${proxy}`, cure: "" };
    yield clockProbe(answer.headers["date"], Date.now());
  } catch (error) {
    const { message, hint } = asStoreError(error);
    yield { name, ok: false, detail: `${message} (${proxy})`, cure: hint };
  }
}

/** Which proxy a request takes, as the network does it: HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY names the host. */
function proxyWords(origin: string, env: NodeJS.ProcessEnv): string {
  const proxies = proxiesOf(env);
  const proxy = proxies.https === "" ? proxies.http : proxies.https;
  if (proxy === "") return "directly";
  const { hostname } = new URL(origin);
  const exempt = proxies.exempt
    .split(/[\s,]+/)
    .map((entry) =>
      entry
        .toLowerCase()
        .replace(/^\*?\.?/, "")
        .replace(/:\d+$/, ""),
    )
    .some((entry) => entry !== "" && (entry === "*" || hostname === entry || hostname.endsWith(`.${entry}`)));
  if (exempt) return "directly (NO_PROXY names it)";
  return `through the proxy ${new URL(proxy).host}`;
}

/** @param date the Date header of an answer @param now milliseconds since 1970 */
export function clockProbe(date: string | undefined, now: number): Probe {
  const name = "clock";
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return { name, ok: true, detail: "the login tells no time", cure: "" };
  const skew = Math.round((now - theirs) / 1000);
  const off = Math.abs(skew);
  if (off < NOTICEABLE_SKEW_S)
    return { name, ok: true, detail: `within ${NOTICEABLE_SKEW_S} s of the login's`, cure: "" };
  const detail = `${off} s ${skew > 0 ? "ahead of" : "behind"} the login's`;
  const cure = "set the clock of this machine right (a time service such as chrony, systemd-timesyncd or w32time)";
  return off < REFUSED_SKEW_S ? { name, ok: true, warning: true, detail, cure } : { name, ok: false, detail, cure };
}
