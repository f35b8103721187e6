import type { Node, ServerList } from "../deployment/deployment-objects.ts";
import type { ServerLists } from "../deployment/server-lists.ts";

const MOST_NAMED = 4;

/** Who uses a list, in words: `the Management Node, location Oslo and 3 more`. */
export function usersInWords({ users }: ServerList): string {
  const words = users.map((user) =>
    user === "management_node" ? "the Management Node" : user.replace(/^location\//, "location "),
  );
  const rest = words.length - MOST_NAMED;
  const named = rest > 1 ? [...words.slice(0, MOST_NAMED), `${rest} more`] : words;
  const last = named.at(-1) ?? "nobody";
  return named.length < 2 ? last : `${named.slice(0, -1).join(", ")} and ${last}`;
}

/** The nodes that use each list. A node whose location is not known uses no list that could be named. */
export function nodesByList(nodes: readonly Node[], lists: ServerLists): ReadonlyMap<ServerList, readonly Node[]> {
  const byList = new Map<ServerList, Node[]>();
  for (const node of nodes) {
    for (const list of lists.usedBy(node)) {
      const group = byList.get(list);
      if (group === undefined) byList.set(list, [node]);
      else group.push(node);
    }
  }
  return byList;
}
