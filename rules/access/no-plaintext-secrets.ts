import { replace } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { Path } from "../../src/values/location.ts";
import { escapeForMessage } from "../../src/values/text/quoted.ts";

/**
 * The guide: "For security and tracking reasons, these credentials will not be stored by the Management Node" (L171).
 * The same applies to this file.
 */
export default defineRule({
  id: "access/no-plaintext-secrets",
  title: "Disallow plaintext passwords, keys and tokens",
  severity: "error",
  since: "0.1.0",
  source: guide("Permissions in vCenter Server (or on ESXi hosts)", "derived"),
  subject: "file",
  // An agreement does not remove a secret from a file, and the fix takes a minute.
  waivable: false,
  messages: {
    secret:
      "File {{file}} contains a secret at {{key}}. Its value was not read; remove it, and change it wherever it is used.",
  },
  remediation:
    "Delete the value, or the user information of the URL, and keep it in a password manager. The secret is exposed to every reader of the file, its copies and its history: change it.",
  mutations: [{ edit: ({ document }) => replace({ document, path: ["password"] }, "hunter2") }],
  check(file, { fail }) {
    for (const { path } of file.document.secrets) {
      const [field, ...rest] = path;
      fail("secret", {
        // The path distinguishes the findings in their fingerprints too, by names where it has any.
        at: field === undefined ? [file] : [file, String(field), ...rest],
        data: { file: escapeForMessage(file.name), key: inWords(path) },
      });
    }
  },
});

/** `licences[0].licence_key` */
function inWords(path: Path): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${escapeForMessage(step)}`));
  return steps.join("").replace(/^\./, "");
}
