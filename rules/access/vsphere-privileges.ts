import { defineRule } from "../../src/engine/rule.ts";
import { DEPLOYMENT_PRIVILEGES, isAdministrator } from "../../src/facts/privileges.ts";
import { shellQuote } from "../../src/values/shell-quote.ts";

/** The guide: "The permissions listed below are required as a minimum" (L173), the eight of L176–183. */
export default defineRule({
  id: "access/vsphere-privileges",
  title: "Require the vSphere privileges that automatic deployment needs",
  severity: "error",
  since: "0.1.0",
  source: {
    document: "guide-v25",
    section: "Permissions in vCenter Server (or on ESXi hosts)",
    wording: "must",
  },
  subject: "account",
  messages: {
    none: "Account {{account}} has no permission in the inventory; automatic deployment needs eight privileges.",
    lacking: "Account {{account}} lacks the privilege {{label}} ({{privilege}}), which automatic deployment needs.",
  },
  remediation:
    "Give the account a role with all eight privileges (the Administrator role has them), on the datacenter or above, with propagation.",
  commands: (account) => [
    `govc role.create pexip-deploy ${DEPLOYMENT_PRIVILEGES.map(({ id }) => id).join(" ")}`,
    ...account.datacenters.map(
      (datacenter) =>
        `govc permissions.set -principal ${shellQuote(account.name)} -role pexip-deploy -propagate=true ${shellQuote(`/${datacenter}`)}`,
    ),
  ],
  check(account, { need, known, needAll, fail }) {
    const { items: permissions } = account.permissions;
    if (permissions.some((permission) => isAdministrator(known(permission, "role") ?? ""))) return;
    const granted = new Set(
      permissions.flatMap((permission) => (known(permission, "privileges") ?? []).map((id) => id.toLowerCase())),
    );
    const lacking = DEPLOYMENT_PRIVILEGES.filter(({ id }) => !granted.has(id.toLowerCase()));
    if (lacking.length === 0) return;

    // A permission that is not known in full may hold what is lacking.
    const [first, ...others] = needAll(account.permissions);
    if (first === undefined) {
      fail("none", { at: [account, "account"], data: { account: account.name } });
      return;
    }
    for (const permission of permissions) {
      if (known(permission, "privileges") === undefined) need(permission, "role");
      need(permission, "privileges");
    }
    for (const { id, label, confirmed } of lacking) {
      fail("lacking", {
        at: [first, "privileges"],
        data: { account: account.name, label, privilege: id, ...(confirmed ? {} : { unconfirmed: true }) },
        related: others.map((other) => ({ message: "nor does this permission grant it", at: [other, "privileges"] })),
        key: id,
      });
    }
  },
});
