import { set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import {
  DEPLOYMENT_PRIVILEGES,
  deploymentPrivileges,
  isAdministrator,
  isRootFolder,
  type Privilege,
} from "../../src/facts/privileges.ts";
import type { Account } from "../../src/site/deployment/deployment-objects.ts";
import { type Reach, reachOf } from "../../src/site/relations/permission-reach.ts";
import type { Permission } from "../../src/site/estate/permissions.ts";

const messages = {
  none: "Account {{account}} has no permissions in the inventory; automatic deployment requires eight privileges.",
  elsewhere:
    "Account {{account}} does not have all eight privileges in the nodes' datacenter {{datacenter}}; its permission on {{entity}} does not apply there.",
  replaced:
    "Account {{account}} does not have {{privileges}} in datacenter {{datacenter}}; a permission there replaces the inherited ones.",
  lacking:
    "Account {{account}} does not have privilege {{label}} ({{privilege}}), which automatic deployment requires.",
} as const;
type Context = RuleContext<typeof messages>;

/** The guide: "The permissions listed below are required as a minimum" (L173), the eight of L176–183. */
export default defineRule({
  id: "access/vsphere-privileges",
  title: "Require the vSphere privileges for automatic deployment",
  severity: "error",
  since: "0.1.0",
  source: guide("Permissions in vCenter Server (or on ESXi hosts)", "must"),
  subject: "account",
  messages,
  remediation:
    "Assign the account a role with all eight privileges (such as Administrator) on the datacenter or above, with propagation to children.",
  commands: (account) => [
    command("account/role", { privileges: DEPLOYMENT_PRIVILEGES.map(({ id }) => id) }),
    ...account.datacenters.items.map((datacenter) =>
      command("account/permission", {
        ...{ principal: account.name, role: "pexip-deploy", datacenter_path: `/${datacenter}` },
      }),
    ),
  ],
  mutations: [
    {
      edit: (account) =>
        set(account.permissions.items[0], "privileges", (ids) =>
          ids.filter((id) => id !== DEPLOYMENT_PRIVILEGES[0]?.id),
        ),
    },
  ],
  check(account, context) {
    const { need, known, needAll, fail } = context;
    const { items: permissions } = account.permissions;
    const lacking = lackingOf(permissions, known);
    if (lacking.length === 0) {
      if (need(account, "type") === "vcenter") checkDatacenters(account, context);
      return;
    }

    // A permission that is not fully known may grant what is missing.
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
        related: others.map((other) => ({
          message: "this permission does not grant it either",
          at: [other, "privileges"],
        })),
        key: id,
      });
    }
  },
});

/** The privileges that none of the permissions is known to grant. */
function lackingOf(permissions: readonly Permission[], known: Context["known"]): readonly Privilege[] {
  if (permissions.some((permission) => isAdministrator(known(permission, "role")))) return [];
  const granted = permissions.flatMap((permission) => known(permission, "privileges")?.map((id) => id.toLowerCase()));
  return deploymentPrivileges().filter(({ id }) => !granted.includes(id.toLowerCase()));
}

/** What vCenter Server reports for a datacenter takes into account which permission replaces which, unlike their sum. */
function checkEffective(account: Account, { site, known, fail }: Pick<Context, "site" | "known" | "fail">): void {
  const effective = account.permissions.items.filter((permission) => known(permission, "is_effective") === true);
  for (const datacenter of account.datacenters.items) {
    const here = effective.filter((permission) => {
      return reachOf(permission, datacenter, account.onlyDatacenter, site.estate) === "above";
    });
    const [first] = here;
    if (first === undefined) continue;
    // An id that was matched by its words may be another one in vSphere.
    const lacking = lackingOf(here, known).filter(({ confirmed }) => confirmed);
    if (lacking.length === 0) continue;
    fail("replaced", {
      at: [first, "privileges"],
      data: { account: account.name, datacenter, privileges: lacking.map(({ label }) => label).join(", ") },
      key: datacenter,
    });
  }
}

/** All privileges are granted; whether they apply in the datacenters of the nodes remains to be checked. */
function checkDatacenters(account: Account, context: Context): void {
  const { site, need, known, each, inconclusive, fail } = context;
  const { items: permissions } = account.permissions;
  checkEffective(account, context);
  const onRoot = permissions.filter((permission) =>
    isRootFolder(known(permission, "entity_type"), known(permission, "entity")),
  );
  if (lackingOf(onRoot, known).length === 0) return;
  each(account.datacenters, (datacenter) => {
    const sourceRefs = permissions.map((permission) => ({
      permission,
      reach: reachOf(permission, datacenter, account.onlyDatacenter, site.estate),
    }));
    const holding = (...reaches: readonly Reach[]) =>
      sourceRefs.filter(({ reach }) => reaches.includes(reach)).map(({ permission }) => permission);
    if (lackingOf(holding("above", "inside"), known).length === 0) return;
    const unknown = holding("unknown");
    if (lackingOf(holding("above", "inside", "unknown"), known).length === 0) {
      for (const permission of unknown) {
        need(permission, "entity_type");
        need(permission, "entity");
      }
      const names = unknown.map((permission) => need(permission, "entity")).join(", ");
      inconclusive(`it is unknown whether ${names} applies to datacenter ${datacenter}`);
    }
    for (const permission of holding("elsewhere")) {
      const entity = need(permission, "entity");
      const at = [permission, "entity"] as const;
      fail("elsewhere", { at, dependsOn: [at], data: { account: account.name, datacenter, entity }, key: datacenter });
    }
  });
}
