import { set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { deploymentPrivileges, isAdministrator, isBelowDatacenter, isRootFolder } from "../../src/facts/privileges.ts";
import { reachOf } from "../../src/site/relations/permission-reach.ts";
import type { Permission } from "../../src/site/estate/permissions.ts";
import { samePrincipal } from "../../src/values/principal.ts";

type Known = RuleContext<Record<string, string>>["known"];

/** The guide: "in vCenter Server, these permissions should be set on **Datacenter** level or higher" (L173). */
export default defineRule({
  id: "access/permission-scope",
  title: "Require deployment permissions on the datacenter or above",
  severity: "error",
  since: "0.1.0",
  source: guide("Permissions in vCenter Server (or on ESXi hosts)", "must"),
  subject: "account",
  messages: {
    none: "Account {{account}} has no permissions in the inventory; add one on the datacenter or above.",
    below:
      "Account {{account}} has the privileges for automatic deployment only on {{entity}} ({{type}}); grant them on the datacenter or above.",
    elsewhere:
      "Account {{account}} has the privileges for automatic deployment only on {{entity}} ({{type}}), but nodes will be deployed to datacenter {{datacenter}}.",
    noPropagation:
      'Account {{account}} has the privileges for automatic deployment on {{entity}} without propagation; enable "Propagate to children".',
  },
  remediation:
    "Set the permission on each datacenter that nodes are deployed to, or above it, with propagation to children.",
  commands: (account, { known }) =>
    account.permissions.items.flatMap((permission) => {
      const principal = known(permission, "principal") ?? account.name;
      const role = known(permission, "role");
      if (role === undefined || isWide(permission, known)) return [];
      const id = samePrincipal(principal, account.name) ? "account/permission" : "account/group-permission";
      return account.datacenters.items.map((datacenter) =>
        command(id, { principal, role, datacenter_path: `/${datacenter}` }),
      );
    }),
  mutations: [{ edit: (account) => set(account.permissions.items[0], "propagate", false) }],
  check(account, context) {
    const { site, need, known, needAll, each, fail, notApplicable, inconclusive } = context;
    if (need(account, "type") === "esxi") return notApplicable("the VM manager is an ESXi host");
    if (account.permissions.items.length === 0 && needAll(account.permissions).length === 0) {
      const at = [account, "account"] as const;
      fail("none", { at, dependsOn: [at], data: { account: account.name } });
      return;
    }
    const reach = (permission: Permission, datacenter: string) =>
      reachOf(permission, datacenter, account.onlyDatacenter, site.estate);
    // A privilege that is granted above may be granted below as well.
    const wide = account.permissions.items.filter((permission) => isWide(permission, known));
    const grantedBy = (permissions: readonly Permission[]) =>
      new Set(permissions.flatMap((permission) => granted(permission, known) ?? []));
    const [anywhere, everywhere] = [
      grantedBy(wide),
      grantedBy(wide.filter((permission) => isOnRoot(permission, known))),
    ];
    const effective = account.permissions.items.filter((permission) => known(permission, "is_effective") === true);
    const covered = account.datacenters.items.map((datacenter) => ({
      datacenter,
      privileges: grantedBy(wide.filter((permission) => reach(permission, datacenter) === "above")),
      reported: grantedBy(effective.filter((permission) => reach(permission, datacenter) === "above")),
    }));
    const hasAll = (privileges: ReadonlySet<string>) => privileges.size === deploymentPrivileges().length;
    const isEnough =
      hasAll(everywhere) ||
      (account.datacenters.missing.length === 0 &&
        covered.length > 0 &&
        covered.every(({ privileges }) => hasAll(privileges)));
    // The rule then reports no permission, so that unlisted ones make no difference.
    each(isEnough ? account.permissions.items : account.permissions, (permission) => {
      const privileges = granted(permission, known) ?? need(permission, "privileges");
      const isIn = (others: ReadonlySet<string>) => privileges.every((id) => others.has(id));
      if (isIn(everywhere)) return;
      // The datacenters of the nodes decide whether a permission above them applies there.
      if (isIn(anywhere)) needAll(account.datacenters);
      const bare = covered.filter((datacenter) => !isIn(datacenter.privileges));
      if (covered.length > 0 && bare.length === 0) return;
      // What vCenter Server reports for the datacenter is granted there by another permission; its propagation is
      // unknown.
      if (!effective.includes(permission) && bare.length > 0 && bare.every(({ reported }) => isIn(reported))) return;
      const entity = known(permission, "entity") ?? "an unnamed object";
      const isBelow = isBelowDatacenter(known(permission, "entity_type"), entity);
      const data = { account: account.name, entity };
      if (isBelow === true) {
        fail("below", { at: [permission, "entity_type"], data: { ...data, type: need(permission, "entity_type") } });
      }
      if (known(permission, "propagate") === false) fail("noPropagation", { at: [permission, "propagate"], data });
      need(permission, "propagate");
      const type = need(permission, "entity_type");
      if (type.toLowerCase() === "folder") need(permission, "entity");
      if (isBelow === undefined) {
        return inconclusive(
          `it is unknown whether ${entity} (${type}) is above or below the datacenter; give the folder's full path`,
        );
      }
      if (isBelow || known(permission, "propagate") === false) return;
      need(permission, "entity");
      needAll(account.datacenters);
      for (const { datacenter } of bare) {
        if (reach(permission, datacenter) === "unknown") {
          return inconclusive(`it is unknown whether ${entity} (${type}) contains datacenter ${datacenter}`);
        }
        fail("elsewhere", { at: [permission, "entity"], data: { ...data, type, datacenter }, key: datacenter });
      }
    });
  },
});

function isOnRoot(permission: Permission, known: Known): boolean {
  return isRootFolder(known(permission, "entity_type"), known(permission, "entity"));
}

/** The privileges for deployment that a permission grants, by its role or its list; undefined if both are unknown. */
function granted(permission: Permission, known: Known): readonly string[] | undefined {
  const ids = deploymentPrivileges().map(({ id }) => id.toLowerCase());
  if (isAdministrator(known(permission, "role"))) return ids;
  const listed = known(permission, "privileges")?.map((id) => id.toLowerCase());
  return listed && ids.filter((id) => listed.includes(id));
}

/** Whether a permission is known to apply on the datacenter or above, and below it. */
function isWide(permission: Permission, known: Known): boolean {
  const isBelow = isBelowDatacenter(known(permission, "entity_type"), known(permission, "entity"));
  return isBelow === false && known(permission, "propagate") === true;
}
