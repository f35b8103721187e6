import { delimiter } from "node:path";
import type { VsphereArguments } from "../arguments/commands.ts";

/** The files that a login reads, given by options or by govc's variables. */
export function vsphereFiles(
  { ca, "password-file": password }: VsphereArguments,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const known = [env["GOVC_TLS_KNOWN_HOSTS"] ?? "", ...(env["GOVC_TLS_CA_CERTS"] ?? "").split(delimiter)];
  return [...ca, ...(password === undefined ? [] : [password]), ...known].filter((file) => file !== "");
}
