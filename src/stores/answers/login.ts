import { z } from "zod";
import { described, readBody } from "./described.js";
import { filledText } from "./fields.js";

/** A token with a life that has not ended; the login and the identity endpoints of Azure spell the end differently (facts/graph-entra-exchange.md 6.1). */
const lifetime = z.union([z.number().positive(), z.string().regex(/^\d+$/)]);
const token = described(
  z
    .object({
      access_token: filledText,
      token_type: z.string().optional(),
      expires_in: lifetime.optional(),
      expires_on: lifetime.optional(),
    })
    .refine(({ expires_in, expires_on }) => expires_in !== undefined || expires_on !== undefined, "no end of life")
    .refine(({ token_type: type }) => type === undefined || /^bearer$/i.test(type), "no bearer token"),
);

/** The roles in a token of the app itself; a token of another form tells nothing. */
export const tokenClaims = described(z.looseObject({ roles: z.array(z.string()) }));

const https = z.string().regex(/^https:\/\/[^/]+/, "no https address");
const discovery = described(z.object({ token_endpoint: https, issuer: filledText, authorization_endpoint: https }));

const anything = described(z.looseObject({}));

/** What is wrong with a 2xx answer to a request of the login library, or null. @param url what was asked */
export function loginFlaw(url: string, body: Buffer): string | null {
  const { pathname } = new URL(url);
  const answer = pathname.endsWith("/token")
    ? token
    : pathname.endsWith("/.well-known/openid-configuration")
      ? discovery
      : anything;
  const reading = readBody(answer, body);
  return reading.kind === "read" ? null : reading.because;
}
